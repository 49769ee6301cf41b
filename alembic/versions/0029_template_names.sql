-- What the template of a decision's rule was called when it was proposed; empty for a rule of its own.
alter table dfworx.decisions add column template character varying not null default '';
grant update (template) on dfworx.decisions to authenticated;

-- It stays as the rule does.
create function dfworx.guard_template() returns trigger language plpgsql set search_path = ''
as $$
begin
  raise exception 'how a decision is made stays' using errcode = 'check_violation';
end
$$;
create trigger guard_template before update on dfworx.decisions
  for each row when (old.status <> 'draft' and new.template <> old.template) execute function dfworx.guard_template();
revoke execute on function dfworx.guard_template from public;
