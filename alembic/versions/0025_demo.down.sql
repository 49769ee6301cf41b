create or replace function dfworx.remove_demo(thread uuid) returns void language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform from dfworx.threads t where t.id = thread and t.origin = 'demo'
    and t.organization_id = any(dfworx.my_organization_ids_as('owner', 'admin')) for update;
  if not found then raise insufficient_privilege; end if;
  delete from dfworx.taggings where kind = 'thread' and subject_id = thread;
  delete from dfworx.read_markers where thread_id = thread;
  delete from dfworx.message_revisions r using dfworx.messages m where m.id = r.message_id and m.thread_id = thread;
  delete from dfworx.messages where thread_id = thread;
  delete from dfworx.threads where id = thread;
end
$$;
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
drop index dfworx.decision_askings_decision_id_index;
drop function dfworx.empty_thread;
