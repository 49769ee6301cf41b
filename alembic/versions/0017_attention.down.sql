create or replace function dfworx.admin_people(
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

drop function dfworx.admin_attention;
