-- The demo's decision goes with the demo: without a trace where no other number was given since, else withdrawn.
create or replace function dfworx.remove_demo(thread uuid) returns void language plpgsql volatile security definer set search_path = ''
as $$
declare
  demo record;
begin
  perform from dfworx.threads t where t.id = thread and t.origin = 'demo'
    and t.organization_id = any(dfworx.my_organization_ids_as('owner', 'admin')) for update;
  if not found then raise insufficient_privilege; end if;
  for demo in select d.id, d.thread_id, d.number, d.organization_id from dfworx.decisions d
    join dfworx.threads t on t.id = thread and t.created_by = d.created_by
    where d.source_thread_id = thread and d.status = 'withdrawn' for update of d
  loop
    delete from dfworx.evidence_snapshots s using dfworx.evidence e where e.id = s.evidence_id and e.decision_id = demo.id;
    delete from dfworx.evidence where decision_id = demo.id;
    perform from dfworx.registers r where r.organization_id = demo.organization_id and r.numbers = demo.number for update;
    if not found then
      update dfworx.decisions set source_thread_id = null where id = demo.id;
      continue;
    end if;
    delete from dfworx.taggings where kind = 'decision' and subject_id = demo.id;
    delete from dfworx.concern_replies r using dfworx.concerns c where c.id = r.concern_id and c.decision_id = demo.id;
    delete from dfworx.concerns where decision_id = demo.id;
    delete from dfworx.ballots where decision_id = demo.id;
    delete from dfworx.positions where decision_id = demo.id;
    delete from dfworx.decision_terms where decision_id = demo.id;
    delete from dfworx.mailed_notices where decision_id = demo.id;
    delete from dfworx.decision_askings where decision_id = demo.id;
    delete from dfworx.decision_citations where decision_id = demo.id;
    delete from dfworx.decision_history where decision_id = demo.id;
    delete from dfworx.decision_revisions where decision_id = demo.id;
    delete from dfworx.decisions where id = demo.id;
    update dfworx.registers set numbers = numbers - 1 where organization_id = demo.organization_id;
    perform dfworx.empty_thread(demo.thread_id);
  end loop;
  perform dfworx.empty_thread(thread);
end
$$;

-- Delete a thread with all that it holds; only `remove_demo` calls it.
create function dfworx.empty_thread(thread uuid) returns void language plpgsql volatile set search_path = ''
as $$
begin
  delete from dfworx.taggings where kind = 'thread' and subject_id = thread;
  delete from dfworx.stale_marks where thread_id = thread;
  delete from dfworx.read_markers where thread_id = thread;
  delete from dfworx.message_revisions r using dfworx.messages m where m.id = r.message_id and m.thread_id = thread;
  delete from dfworx.messages where thread_id = thread;
  delete from dfworx.threads where id = thread;
end
$$;
revoke execute on function dfworx.empty_thread from public;

-- A number that went with its decision is given to the next one.
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
  if new.entries not in (old.entries, old.entries + 1)
    or (new.entries = old.entries and new.head <> old.head)
    or (new.entries > old.entries and new.head is distinct from (select l.digest from dfworx.ledger l
      where l.organization_id = new.organization_id and l.position = new.entries)) then
    raise exception 'a register only grows' using errcode = 'check_violation';
  end if;
  return new;
end
$$;

-- For the worker, which looks again and again for whom to remind.
create index decision_askings_decision_id_index on dfworx.decision_askings (decision_id) where reminded_at is null;
