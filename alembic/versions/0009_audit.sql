-- The audit at a million events: what the page can ask for has an index that ends with the time; and what was refused is kept.
alter table dfworx.audit_events add column denied_times integer;  -- how often it was refused in a minute; null: it was done

-- Whose, about what, and what are asked for in one organization and over all; a person and a thing are in few organizations.
create index audit_events_created_at_id_index on dfworx.audit_events (created_at, id);
create index audit_events_user_id_created_at_id_index on dfworx.audit_events (user_id, created_at, id);
create index audit_events_user_id_name_created_at_id_index on dfworx.audit_events (user_id, name, created_at, id);
create index audit_events_about_created_at_id_index on dfworx.audit_events (about, created_at, id);
create index audit_events_name_created_at_id_index on dfworx.audit_events (name, created_at, id);
create index audit_events_organization_id_name_created_at_id_index
  on dfworx.audit_events (organization_id, name, created_at, id);
create index audit_events_denied_index on dfworx.audit_events (created_at, id) where denied_times is not null;
create index audit_events_denied_organization_index
  on dfworx.audit_events (organization_id, created_at, id) where denied_times is not null;
create index audit_events_denied_user_index
  on dfworx.audit_events (user_id, created_at, id) where denied_times is not null;

-- Server admins read what was done anywhere; what it was about, the service shows them only outside of organizations.
drop policy own_or_admins on dfworx.audit_events;
create policy own_or_admins on dfworx.audit_events for select to authenticated
  using (user_id = (select dfworx.my_user_id())
    or organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin'))::uuid[])
    or (select dfworx.am_server_admin()));

-- A refusal is kept in a transaction of its own, about whoever was refused: nobody, too.
create function dfworx.keep_denials(denials jsonb) returns void language sql volatile security definer set search_path = ''
as $$
  insert into dfworx.audit_events
    (id, created_at, organization_id, user_id, membership_id, session_id, name, about, details, denied_times)
  select d.id, d.created_at, d.organization_id, d.user_id, d.membership_id, d.session_id, d.name, d.about, d.details,
    d.denied_times
  from jsonb_to_recordset(denials) as d (id uuid, created_at timestamptz, organization_id uuid, user_id uuid,
    membership_id uuid, session_id uuid, name text, about uuid, details jsonb, denied_times integer)
  where d.denied_times > 0
$$;

-- What stands beside the ids on the server's page.
create function dfworx.admin_names(ids uuid[]) returns table (id uuid, name text)
language plpgsql stable security definer set search_path = ''
as $$
#variable_conflict use_column
begin
  perform dfworx.admin_must(null);
  return query
    select u.id, u.name::text from dfworx.users u where u.id = any(ids)
    union all select o.id, o.slug::text from dfworx.organizations o where o.id = any(ids);
end
$$;

revoke execute on function dfworx.keep_denials, dfworx.admin_names from public;
grant execute on function dfworx.keep_denials to anon, authenticated;
grant execute on function dfworx.admin_names to authenticated;
