-- Server admins. What they see and do across organizations goes through the functions named admin_…, and nothing else:
-- each looks first who asks, none returns what people wrote.

update dfworx.users u set is_server_admin = true
where not exists (select from dfworx.users s where s.is_server_admin)
  and u.id in (select m.user_id from dfworx.memberships m
               where m.role = 'owner' and m.left_at is null
                 and m.organization_id = (select o.id from dfworx.organizations o order by o.created_at, o.id limit 1));

-- The command line, which acts on the server as a whole when nobody can sign in.
create function dfworx.am_server() returns boolean language plpgsql stable set search_path = ''
as $$ begin return coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'actor' = 'server', false); end $$;

create function dfworx.am_server_admin() returns boolean language plpgsql stable security definer set search_path = ''
as $$
begin
  return dfworx.am_server() or exists (
    select from dfworx.users u
    where u.id = dfworx.my_user_id() and u.is_server_admin and u.deactivated_at is null);
end
$$;

-- Ends the call unless a server admin asks, or an owner or admin of the organization about that one.
create function dfworx.admin_must(within uuid) returns void language plpgsql stable security definer set search_path = ''
as $$
begin
  if dfworx.am_server_admin() or within = any(dfworx.my_organization_ids_as('owner', 'admin')) then return; end if;
  raise insufficient_privilege;
end
$$;

create index users_name_index on dfworx.users (lower(name), id);

-- People by name, from behind one of them on: everybody, or the present members of an organization.
create function dfworx.admin_people(
  within uuid, person uuid, words text[], standing text, of_role text, after uuid, most integer)
returns table (id uuid, name text, email text, created_at timestamptz, email_verified_at timestamptz,
  deactivated_at timestamptz, is_server_admin boolean, last_seen_at timestamptz, memberships jsonb)
language plpgsql stable security definer set search_path = ''
as $$
#variable_conflict use_column
declare behind text := (
  select lower(l.name) from dfworx.users l where l.id = after and (within is null or exists (
    select from dfworx.memberships m where m.user_id = after and m.organization_id = within)));
begin
  perform dfworx.admin_must(within);
  return query
  select u.id, u.name::text, u.email::text, u.created_at, u.email_verified_at, u.deactivated_at, u.is_server_admin,
    (select max(s.last_seen_at) from dfworx.sessions s where s.user_id = u.id),
    (select coalesce(jsonb_agg(jsonb_build_object('membership_id', m.id, 'organization_id', o.id, 'slug', o.slug,
         'organization', o.name, 'role', m.role) order by lower(o.name), o.id), '[]')
     from dfworx.memberships m join dfworx.organizations o on o.id = m.organization_id
     where m.user_id = u.id and m.left_at is null and (within is null or m.organization_id = within))
  from dfworx.users u
  where (person is null or u.id = person)
    and (within is null or exists (select from dfworx.memberships m
         where m.user_id = u.id and m.organization_id = within and m.left_at is null))
    and not exists (select from unnest(words) w where strpos(lower(u.name || ' ' || u.email), lower(w)) = 0)
    and case standing when 'active' then u.deactivated_at is null when 'deactivated' then u.deactivated_at is not null
         when 'unverified' then u.email_verified_at is null else true end
    and (of_role is null or (of_role = 'server admin' and u.is_server_admin)
         or exists (select from dfworx.memberships m where m.user_id = u.id and m.left_at is null and m.role = of_role
                    and (within is null or m.organization_id = within)))
    and (after is null or (lower(u.name), u.id) > (behind, after))
  order by lower(u.name), u.id limit least(most, 201);
end
$$;

-- The identity says now what somebody is on the server, too.
drop function dfworx.session_identity(uuid, text, interval);
create function dfworx.session_identity(session uuid, organization_slug text, idle interval)
returns table (user_id uuid, user_name text, is_server_admin boolean, organization_id uuid, membership_id uuid, role text)
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update dfworx.sessions s set last_seen_at = now()
  where s.id = session and s.revoked_at is null and s.last_seen_at < now() - interval '5 minutes'
    and s.last_seen_at > now() - idle and s.expires_at > now();
  return query
    select u.id, u.name::text, u.is_server_admin, o.id, m.id, m.role::text
    from dfworx.sessions s
    join dfworx.users u on u.id = s.user_id and u.deactivated_at is null
    left join dfworx.organizations o on o.slug = organization_slug
    left join dfworx.memberships m on m.organization_id = o.id and m.user_id = u.id and m.left_at is null
    where s.id = session and s.revoked_at is null and s.expires_at > now() and s.last_seen_at > now() - idle;
end
$$;

-- What a server admin does is audited and announced like everything else; also about an organization that is not theirs.
drop policy own on dfworx.audit_events;
create policy own on dfworx.audit_events for insert to authenticated
  with check (coalesce(user_id = (select dfworx.my_user_id()), (select dfworx.am_system()) or (select dfworx.am_server()))
    and (organization_id is null or organization_id = any((select dfworx.my_organization_ids_ever())::uuid[])
      or (select dfworx.am_server_admin())));
drop policy announce on dfworx.outbox;
create policy announce on dfworx.outbox for insert to authenticated
  with check (organization_id is null or organization_id = any((select dfworx.my_organization_ids_ever())::uuid[])
    or (select dfworx.am_server_admin()));

revoke execute on function dfworx.am_server, dfworx.am_server_admin, dfworx.admin_must, dfworx.admin_people,
  dfworx.session_identity from public;
grant execute on function dfworx.am_server, dfworx.am_server_admin, dfworx.session_identity to anon, authenticated;
grant execute on function dfworx.admin_people to authenticated;
