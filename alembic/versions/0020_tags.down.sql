create or replace function dfworx.remove_demo(thread uuid) returns void language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform from dfworx.threads t where t.id = thread and t.origin = 'demo'
    and t.organization_id = any(dfworx.my_organization_ids_as('owner', 'admin')) for update;
  if not found then raise insufficient_privilege; end if;
  delete from dfworx.read_markers where thread_id = thread;
  delete from dfworx.message_revisions r using dfworx.messages m where m.id = r.message_id and m.thread_id = thread;
  delete from dfworx.messages where thread_id = thread;
  delete from dfworx.threads where id = thread;
end
$$;
drop table dfworx.taggings, dfworx.tags;
