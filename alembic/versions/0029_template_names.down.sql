drop trigger guard_template on dfworx.decisions;
drop function dfworx.guard_template;
alter table dfworx.decisions drop column template;
