-- Personal access tokens that work, of people whose account the caller reaches, and those that are bound to the organization.
create function dfworx.admin_tokens(
  within uuid, person uuid, words text[], before_at timestamptz, before_id uuid, most integer)
returns table (id uuid, user_id uuid, name text, email text, label text, scope text, organization text,
  created_at timestamptz, last_used_at timestamptz, expires_at timestamptz)
language plpgsql stable security definer set search_path = ''
as $$
#variable_conflict use_column
begin
  perform dfworx.admin_must(within);
  return query
  select t.id, u.id, u.name::text, u.email::text, t.name::text, t.scope::text, o.name::text, t.created_at, t.last_used_at,
    t.expires_at
  from dfworx.personal_tokens t join dfworx.users u on u.id = t.user_id
  left join dfworx.organizations o on o.id = t.organization_id
  where t.revoked_at is null and t.expires_at > now() and u.deactivated_at is null
    and (person is null or u.id = person)
    and (within is null or t.organization_id = within or (dfworx.admin_reaches(u.id) and exists (
         select from dfworx.memberships m where m.user_id = u.id and m.organization_id = within and m.left_at is null)))
    and not exists (select from unnest(words) w
                    where strpos(lower(u.name || ' ' || u.email || ' ' || t.name || ' ' || t.scope), lower(w)) = 0)
    and (before_at is null or (t.created_at, t.id) < (before_at, before_id))
  order by t.created_at desc, t.id desc limit least(most, 201);
end
$$;

-- Ends one of these; gives whose it was.
create function dfworx.admin_end_token(within uuid, one uuid) returns table (user_id uuid, label text)
language plpgsql volatile security definer set search_path = ''
as $$
#variable_conflict use_column
begin
  perform dfworx.admin_must(within);
  return query
  update dfworx.personal_tokens t set revoked_at = now()
  where t.id = one and t.revoked_at is null
    and (within is null or t.organization_id = within or (dfworx.admin_reaches(t.user_id) and exists (
         select from dfworx.memberships m where m.user_id = t.user_id and m.organization_id = within and m.left_at is null)))
  returning t.user_id, t.name::text;
end
$$;

revoke execute on function dfworx.admin_tokens, dfworx.admin_end_token from public;
grant execute on function dfworx.admin_tokens, dfworx.admin_end_token to authenticated;
