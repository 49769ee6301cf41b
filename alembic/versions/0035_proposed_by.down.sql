create or replace function dfworx.guard_kept() returns trigger language plpgsql security definer set search_path = ''
as $$
declare
  is_text boolean := tg_op = 'INSERT' or new.version <> old.version;
begin
  if exists (select from dfworx.decisions d where d.id = new.id and d.number is null and d.template <> '') then
    raise exception 'a proposal names its template' using errcode = 'check_violation';
  end if;
  if is_text and not exists (select from dfworx.decision_revisions r
      where r.decision_id = new.id and r.version = new.version and dfworx.is_said(r.content, new)) then
    raise exception 'every text is kept' using errcode = 'check_violation';
  end if;
  if new.status in ('accepted', 'rejected', 'superseded', 'deprecated') and (is_text or new.status <> old.status)
    and not exists (select from dfworx.ledger l where l.decision_id = new.id
      and l.record::jsonb -> 'record' @> jsonb_build_object('status', new.status, 'version', new.version)) then
    raise exception 'what is decided stands in the ledger' using errcode = 'check_violation';
  end if;
  return null;
end
$$;
drop function dfworx.is_as_its_template;
