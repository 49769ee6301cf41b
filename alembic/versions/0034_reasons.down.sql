drop trigger guard_reason on dfworx.decisions;
drop function dfworx.guard_reason;
