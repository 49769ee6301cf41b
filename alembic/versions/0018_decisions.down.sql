drop table dfworx.decision_history, dfworx.stale_marks, dfworx.decision_citations, dfworx.ledger, dfworx.registers, dfworx.citations, dfworx.evidence_snapshots, dfworx.evidence, dfworx.concerns, dfworx.ballots,
  dfworx.positions, dfworx.decision_askings, dfworx.decision_revisions, dfworx.decisions;
drop function dfworx.guard_decision, dfworx.guard_new_decision, dfworx.guard_register, dfworx.keep_history, dfworx.similar_decisions, dfworx.decision_words, dfworx.ended_comments, dfworx.late_answers;
