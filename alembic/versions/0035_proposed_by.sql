-- Whether a template of the organization, or one of those that it begins with, has the name that a decision says, and its rule for
-- as many as are asked. Options are compared beside that, or not: the ballot is no part of a template.
create function dfworx.is_as_its_template(d dfworx.decisions) returns boolean language sql stable set search_path = ''
as $$
  with own as (select * from dfworx.decision_templates t where t.organization_id = d.organization_id)
  select exists (
    select from (
      select name, quorum_share, quorum_least, share, comment_hours, is_business_days, is_hidden, is_anonymous from own
      union all
      select b.*, 72, false, false, false
      from (values ('Consent', 50, 1, 0), ('Advice', 0, 0, 0), ('Consensus', 100, 1, 100), ('Majority', 50, 1, 50)) b
      where not exists (select from own)) t,
      (select count(*)::integer as count from dfworx.decision_askings a where a.decision_id = d.id) asked
    where (t.name, t.share, t.comment_hours, t.is_business_days, t.is_hidden, t.is_anonymous)
        = (d.template, d.share, d.comment_hours, d.is_business_days, d.is_hidden, d.is_anonymous)
      and d.quorum = case asked.count when 0 then t.quorum_least
        else least(asked.count, greatest(t.quorum_least, (asked.count * t.quorum_share + 99) / 100)) end)
$$;
revoke execute on function dfworx.is_as_its_template from public;

-- At the end of the transaction: a proposal names the template whose rule it has and a draft none, every text is kept as a revision,
-- and what is decided stands in the ledger as it is. Whoever changes templates waits for who holds the register, as proposals do.
create or replace function dfworx.guard_kept() returns trigger language plpgsql security definer set search_path = ''
as $$
declare
  is_text boolean := tg_op = 'INSERT' or new.version <> old.version;
begin
  if exists (select from dfworx.decisions d where d.id = new.id and d.template <> ''
      and (d.number is null or (old.number is null and not dfworx.is_as_its_template(d)))) then
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
