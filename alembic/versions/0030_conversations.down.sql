drop trigger mark_conversation on dfworx.decisions;
drop function dfworx.mark_conversation;
alter table dfworx.threads drop column is_record;
