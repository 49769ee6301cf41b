-- Where a decision was brought in from. What was decided elsewhere is born decided, with the number that it had.
alter table dfworx.decisions add column origin character varying;
alter table dfworx.decisions add constraint decisions_organization_id_origin_key unique (organization_id, origin);

-- A decision begins as a draft: nothing is born accepted but what an import of the system actor brings in.
create or replace function dfworx.guard_new_decision() returns trigger language plpgsql set search_path = ''
as $$
begin
  if new.origin is not null and not dfworx.am_system() then
    raise exception 'only an import says where a decision came from' using errcode = 'check_violation';
  end if;
  if (new.status <> 'draft' or new.number is not null) and new.origin is null then
    raise exception 'a decision begins as a draft' using errcode = 'check_violation';
  end if;
  if new.status = 'final_comment' then
    raise exception 'a final comment begins here' using errcode = 'check_violation';
  end if;
  return new;
end
$$;

-- Numbers and entries only grow, one at a time; the head is that of the last entry. After an import the register goes on
-- after the highest number that came in, and only then.
create or replace function dfworx.guard_register() returns trigger language plpgsql security definer set search_path = ''
as $$
begin
  if new.numbers not in (old.numbers, old.numbers + 1) and not (new.numbers > old.numbers and dfworx.am_system()
      and exists (select from dfworx.decisions d where d.organization_id = new.organization_id
        and d.number = new.numbers and d.origin is not null)) then
    raise exception 'a register only grows' using errcode = 'check_violation';
  end if;
  if new.entries not in (old.entries, old.entries + 1)
    or (new.entries = old.entries and new.head <> old.head)
    or (new.entries > old.entries and new.head is distinct from (select l.digest from dfworx.ledger l
      where l.organization_id = new.organization_id and l.position = new.entries)) then
    raise exception 'a register only grows' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
