drop policy own on dfworx.audit_events;
create policy own on dfworx.audit_events for insert to authenticated
  with check (coalesce(user_id = (select dfworx.my_user_id()), (select dfworx.am_system()))
    and (organization_id is null or organization_id = any((select dfworx.my_organization_ids_ever())::uuid[])));
drop policy announce on dfworx.outbox;
create policy announce on dfworx.outbox for insert to authenticated
  with check (organization_id is null or organization_id = any((select dfworx.my_organization_ids_ever())::uuid[]));
drop function dfworx.session_identity(uuid, text, interval);
create function dfworx.session_identity(session uuid, organization_slug text, idle interval)
returns table (user_id uuid, user_name text, organization_id uuid, membership_id uuid, role text)
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update dfworx.sessions s set last_seen_at = now()
  where s.id = session and s.revoked_at is null and s.last_seen_at < now() - interval '5 minutes'
    and s.last_seen_at > now() - idle and s.expires_at > now();
  return query
    select u.id, u.name::text, o.id, m.id, m.role::text
    from dfworx.sessions s
    join dfworx.users u on u.id = s.user_id and u.deactivated_at is null
    left join dfworx.organizations o on o.slug = organization_slug
    left join dfworx.memberships m on m.organization_id = o.id and m.user_id = u.id and m.left_at is null
    where s.id = session and s.revoked_at is null and s.expires_at > now() and s.last_seen_at > now() - idle;
end
$$;
revoke execute on function dfworx.session_identity from public;
grant execute on function dfworx.session_identity to anon, authenticated;
drop function dfworx.admin_people, dfworx.admin_must;
drop index dfworx.users_name_index;
drop function dfworx.am_server_admin, dfworx.am_server;
