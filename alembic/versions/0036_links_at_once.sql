-- Many links at once: each follows the one that the register has counted, or one that was added after that; the register counts
-- them together, by the last one, in the same transaction. The release before this one counts each by itself.
create or replace function dfworx.guard_entry() returns trigger language plpgsql security definer set search_path = ''
as $$
declare
  r dfworx.registers; d dfworx.decisions;
  said jsonb := new.record::jsonb;
begin
  select * into r from dfworx.registers where organization_id = new.organization_id;
  select * into d from dfworx.decisions where id = new.decision_id and organization_id = new.organization_id;
  if new.position > r.entries + 1 then
    select l.digest into r.head from dfworx.ledger l
      where l.organization_id = new.organization_id and l.position = new.position - 1;
  end if;
  if (new.position > r.entries and new.previous = r.head
      and new.digest = encode(sha256(convert_to(r.head || E'\n' || new.record, 'UTF8')), 'hex')) is not true then
    raise exception 'an entry follows the one before' using errcode = 'check_violation';
  end if;
  if (said ->> 'happened' = new.happened and d.status in ('accepted', 'rejected', 'superseded', 'deprecated')
      and case when new.happened in ('accepted', 'rejected', 'superseded', 'deprecated') then new.happened = d.status
        else new.happened <> 'imported' or d.origin is not null end
      and dfworx.is_said(said -> 'record', d)
      and said -> 'record' @> jsonb_build_object('number', d.number, 'status', d.status, 'version', d.version,
        'decider_id', d.decider_id, 'closing', d.closing, 'superseded_by', d.superseded_by,
        'rule', jsonb_build_object('quorum', d.quorum, 'share', d.share, 'comment_hours', d.comment_hours,
          'is_business_days', d.is_business_days, 'is_hidden', d.is_hidden, 'is_anonymous', d.is_anonymous,
          'ballot', d.ballot))) is not true then
    raise exception 'an entry says what its decision is' using errcode = 'check_violation';
  end if;
  if said -> 'record' = (select l.record::jsonb -> 'record' from dfworx.ledger l where l.decision_id = new.decision_id
      order by l.position desc limit 1) then
    raise exception 'nothing is recorded twice' using errcode = 'check_violation';
  end if;
  return new;
end
$$;

create or replace function dfworx.guard_register() returns trigger language plpgsql security definer set search_path = ''
as $$
begin
  if new.numbers = old.numbers - 1 and (new.entries, new.head) = (old.entries, old.head) and not exists (
    select from dfworx.decisions d where d.organization_id = new.organization_id and d.number = old.numbers) then
    return new;
  end if;
  if new.numbers not in (old.numbers, old.numbers + 1) and not (new.numbers > old.numbers and dfworx.am_system()
      and exists (select from dfworx.decisions d where d.organization_id = new.organization_id
        and d.number = new.numbers and d.origin is not null)) then
    raise exception 'a register only grows' using errcode = 'check_violation';
  end if;
  if new.entries < old.entries
    or (new.entries = old.entries and new.head <> old.head)
    or (new.entries > old.entries and new.head is distinct from (select l.digest from dfworx.ledger l
      where l.organization_id = new.organization_id and l.position = new.entries)) then
    raise exception 'a register only grows' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
