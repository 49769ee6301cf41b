drop table dfworx.ledger, dfworx.registers, dfworx.citations, dfworx.evidence_snapshots, dfworx.evidence, dfworx.concerns,
  dfworx.positions, dfworx.decision_askings, dfworx.decision_revisions, dfworx.decisions;
drop function dfworx.guard_decision, dfworx.guard_new_decision, dfworx.guard_register, dfworx.ended_comments;
