create or replace function dfworx.guard_new_decision() returns trigger language plpgsql set search_path = ''
as $$
begin
  if new.status <> 'draft' or new.number is not null then
    raise exception 'a decision begins as a draft' using errcode = 'check_violation';
  end if;
  return new;
end
$$;

create or replace function dfworx.guard_register() returns trigger language plpgsql security definer set search_path = ''
as $$
begin
  if new.numbers not in (old.numbers, old.numbers + 1) or new.entries not in (old.entries, old.entries + 1)
    or (new.entries = old.entries and new.head <> old.head)
    or (new.entries > old.entries and new.head is distinct from (select l.digest from dfworx.ledger l
      where l.organization_id = new.organization_id and l.position = new.entries)) then
    raise exception 'a register only grows' using errcode = 'check_violation';
  end if;
  return new;
end
$$;

alter table dfworx.decisions drop column origin;
