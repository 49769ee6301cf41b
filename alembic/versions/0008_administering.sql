-- What server admins do to people and organizations, and an organization's administrators to their people's accounts.

-- Whether the caller may act on somebody's account. An account is more than a membership: whoever may end its sessions or
-- take another password for it is that person everywhere. So an organization's administrators reach it only where all its
-- organizations are theirs, and never that of a server admin.
create function dfworx.admin_reaches(person uuid) returns boolean language plpgsql stable security definer set search_path = ''
as $$
begin
  return dfworx.am_server_admin() or (
    person is distinct from dfworx.my_user_id()
    and not exists (select from dfworx.users u where u.id = person and u.is_server_admin)
    and exists (select from dfworx.memberships m where m.user_id = person and m.left_at is null)
    and not exists (
      select from dfworx.memberships m where m.user_id = person and m.left_at is null
        and m.organization_id <> all(dfworx.my_organization_ids_as('owner'))
        and (m.role = 'owner' or m.organization_id <> all(dfworx.my_organization_ids_as('admin')))));
end
$$;

create or replace function dfworx.keep_reset_link(member uuid, link uuid, secret_hash text, lasting interval) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare whose uuid;
begin
  select m.user_id into whose from dfworx.memberships m
  where m.id = member and m.left_at is null and m.user_id is distinct from dfworx.my_user_id()
    and (m.organization_id = any(dfworx.my_organization_ids_as('owner'))
      or (m.role <> 'owner' and m.organization_id = any(dfworx.my_organization_ids_as('admin'))))
    and dfworx.admin_reaches(m.user_id);
  if whose is null then return null; end if;
  insert into dfworx.mailed_links (id, created_at, user_id, purpose, token_hash, expires_at)
  values (link, now(), whose, 'reset', secret_hash, now() + lasting);
  return whose;
end
$$;

create function dfworx.admin_keep_reset_link(person uuid, link uuid, secret_hash text, lasting interval) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform dfworx.admin_must(null);
  insert into dfworx.mailed_links (id, created_at, user_id, purpose, token_hash, expires_at)
  select link, now(), u.id, 'reset', secret_hash, now() + lasting from dfworx.users u
  where u.id = person and u.deactivated_at is null;
  return found;
end
$$;

-- The server keeps an admin who can sign in, whatever two of them do at once: they queue here.
create function dfworx.admin_keep_one(but uuid) returns void language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(7253001);
  if not exists (select from dfworx.users u where u.is_server_admin and u.deactivated_at is null and u.id <> but)
    and exists (select from dfworx.users u where u.is_server_admin and u.deactivated_at is null and u.id = but) then
    raise exception 'the last server admin' using errcode = 'DF002';
  end if;
end
$$;

-- Each of these gives whether anything has changed.
create function dfworx.admin_set_active(person uuid, is_active boolean) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform dfworx.admin_must(null);
  if is_active then
    update dfworx.users u set deactivated_at = null where u.id = person and u.deactivated_at is not null;
    return found;
  end if;
  perform dfworx.admin_keep_one(person);
  update dfworx.users u set deactivated_at = now() where u.id = person and u.deactivated_at is null;
  if not found then return false; end if;
  update dfworx.sessions s set revoked_at = now() where s.user_id = person and s.revoked_at is null;
  update dfworx.mailed_links l set used_at = now() where l.user_id = person and l.used_at is null;
  return true;
end
$$;

create function dfworx.admin_set_server_admin(person uuid, is_one boolean) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform dfworx.admin_must(null);
  if not is_one then perform dfworx.admin_keep_one(person); end if;
  update dfworx.users u set is_server_admin = is_one where u.id = person and u.is_server_admin <> is_one;
  return found;
end
$$;

-- Sessions that have not ended, the last seen first.
create function dfworx.admin_sessions(
  within uuid, person uuid, words text[], before_at timestamptz, before_id uuid, idle interval, most integer)
returns table (id uuid, user_id uuid, name text, email text, created_at timestamptz, last_seen_at timestamptz,
  expires_at timestamptz, user_agent text, address text)
language plpgsql stable security definer set search_path = ''
as $$
#variable_conflict use_column
begin
  perform dfworx.admin_must(within);
  return query
  select s.id, u.id, u.name::text, u.email::text, s.created_at, s.last_seen_at, s.expires_at, s.user_agent::text,
    s.address::text
  from dfworx.sessions s join dfworx.users u on u.id = s.user_id
  where s.revoked_at is null and s.expires_at > now() and s.last_seen_at > now() - idle and u.deactivated_at is null
    and (person is null or u.id = person)
    and (within is null or (dfworx.admin_reaches(u.id) and exists (
         select from dfworx.memberships m where m.user_id = u.id and m.organization_id = within and m.left_at is null)))
    and not exists (select from unnest(words) w
                    where strpos(lower(u.name || ' ' || u.email || ' ' || s.address || ' ' || s.user_agent), lower(w)) = 0)
    and (before_at is null or (s.last_seen_at, s.id) < (before_at, before_id))
  order by s.last_seen_at desc, s.id desc limit least(most, 201);
end
$$;

-- Ends one session, or all of a person; gives those that ended.
create function dfworx.admin_end_sessions(within uuid, one uuid, person uuid) returns table (id uuid, user_id uuid)
language plpgsql volatile security definer set search_path = ''
as $$
#variable_conflict use_column
begin
  perform dfworx.admin_must(within);
  return query
  update dfworx.sessions s set revoked_at = now()
  where s.revoked_at is null and (s.id = one or s.user_id = person)
    and (within is null or (dfworx.admin_reaches(s.user_id) and exists (
         select from dfworx.memberships m where m.user_id = s.user_id and m.organization_id = within and m.left_at is null)))
  returning s.id, s.user_id;
end
$$;

create index organizations_name_index on dfworx.organizations (lower(name), id);

-- Organizations by name; people are the present members, messages those that the threads have numbered.
create function dfworx.admin_organizations(one uuid, words text[], after uuid, most integer)
returns table (id uuid, slug text, name text, created_at timestamptz, people bigint, owners text[], messages bigint,
  last_message_at timestamptz)
language plpgsql stable security definer set search_path = ''
as $$
#variable_conflict use_column
declare behind text := (select lower(l.name) from dfworx.organizations l where l.id = after);
begin
  perform dfworx.admin_must(null);
  return query
  select o.id, o.slug::text, o.name::text, o.created_at,
    (select count(*) from dfworx.memberships m
     where m.organization_id = o.id and m.left_at is null and m.user_id is not null),
    (select coalesce(array_agg(m.name::text order by lower(m.name)), '{}') from dfworx.memberships m
     where m.organization_id = o.id and m.left_at is null and m.role = 'owner'),
    t.messages::bigint, t.last_message_at
  from dfworx.organizations o
  cross join lateral (select coalesce(sum(t.last_seq), 0) as messages, max(t.last_message_at) as last_message_at
                      from dfworx.threads t where t.organization_id = o.id) t
  where (one is null or o.id = one)
    and not exists (select from unnest(words) w where strpos(lower(o.name || ' ' || o.slug), lower(w)) = 0)
    and (after is null or (lower(o.name), o.id) > (behind, after))
  order by lower(o.name), o.id limit least(most, 201);
end
$$;

-- Gives the name that it had; null: there is none.
create function dfworx.admin_rename_organization(organization uuid, new_name text) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare was text;
begin
  perform dfworx.admin_must(null);
  select o.name into was from dfworx.organizations o where o.id = organization for update;
  update dfworx.organizations o set name = new_name where o.id = organization;
  return was;
end
$$;

-- Another role for a member; the trigger keeps an owner. Gives the membership and the role that it had.
create function dfworx.admin_set_role(member uuid, new_role text)
returns table (id uuid, organization_id uuid, user_id uuid, name text, role text, created_at timestamptz, was text)
language plpgsql volatile security definer set search_path = ''
as $$
#variable_conflict use_column
declare known dfworx.memberships;
begin
  perform dfworx.admin_must(null);
  select * into known from dfworx.memberships m
  where m.id = member and m.left_at is null and m.user_id is not null for update;
  if known.id is null then return; end if;
  update dfworx.memberships m set role = new_role where m.id = member;
  return query select known.id, known.organization_id, known.user_id, known.name::text, new_role, known.created_at,
    known.role::text;
end
$$;

create index invitations_created_at_index on dfworx.invitations (created_at, id);

create function dfworx.admin_invitations(
  within uuid, one uuid, standing text, before_at timestamptz, before_id uuid, most integer)
returns table (id uuid, organization_id uuid, organization text, slug text, role text, created_at timestamptz,
  created_by uuid, creator text, expires_at timestamptz, max_uses integer, uses integer, revoked_at timestamptz, email text)
language plpgsql stable security definer set search_path = ''
as $$
#variable_conflict use_column
begin
  perform dfworx.admin_must(within);
  return query
  select i.id, o.id, o.name::text, o.slug::text, i.role::text, i.created_at, i.created_by, m.name::text, i.expires_at,
    i.max_uses, i.uses, i.revoked_at, i.email::text
  from dfworx.invitations i join dfworx.organizations o on o.id = i.organization_id
  left join dfworx.memberships m on m.id = i.created_by
  where (one is null or i.id = one) and (within is null or o.id = within)
    and case standing when 'open' then i.revoked_at is null and i.expires_at > now() and i.uses < i.max_uses
         when 'used up' then i.uses >= i.max_uses when 'revoked' then i.revoked_at is not null
         when 'expired' then i.revoked_at is null and i.expires_at <= now() and i.uses < i.max_uses else true end
    and (before_at is null or (i.created_at, i.id) < (before_at, before_id))
  order by i.created_at desc, i.id desc limit least(most, 201);
end
$$;

create function dfworx.admin_revoke_invitation(invitation uuid) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform dfworx.admin_must(null);
  update dfworx.invitations i set revoked_at = now() where i.id = invitation and i.revoked_at is null;
  return found;
end
$$;

-- What decides whether a member may do something with a thread or a message; of neither the words.
create function dfworx.admin_facts(within uuid, member uuid, thread uuid, message uuid)
returns table (role text, left_at timestamptz, user_id uuid, place_id uuid, visibility text, archived_at timestamptz,
  is_added boolean, thread_id uuid, created_by uuid, origin text, resolved_at timestamptz, author_id uuid, kind text,
  deleted_at timestamptz)
language plpgsql stable security definer set search_path = ''
as $$
#variable_conflict use_column
begin
  perform dfworx.admin_must(within);
  return query
  select m.role::text, m.left_at, m.user_id, p.id, p.visibility::text, p.archived_at,
    exists (select from dfworx.place_members pm where pm.place_id = p.id and pm.membership_id = m.id),
    t.id, t.created_by, t.origin::text, t.resolved_at, w.author_id, w.kind::text, w.deleted_at
  from dfworx.memberships m
  left join dfworx.messages w on w.id = message and w.organization_id = m.organization_id
  left join dfworx.threads t on t.id = coalesce(w.thread_id, thread) and t.organization_id = m.organization_id
  left join dfworx.places p on p.id = t.place_id
  where m.id = member and (within is null or m.organization_id = within);
end
$$;

revoke execute on function dfworx.admin_reaches, dfworx.admin_keep_reset_link, dfworx.admin_keep_one,
  dfworx.admin_set_active, dfworx.admin_set_server_admin, dfworx.admin_sessions, dfworx.admin_end_sessions,
  dfworx.admin_organizations, dfworx.admin_rename_organization, dfworx.admin_set_role, dfworx.admin_invitations,
  dfworx.admin_revoke_invitation, dfworx.admin_facts from public;
grant execute on function dfworx.admin_reaches, dfworx.admin_keep_reset_link, dfworx.admin_set_active,
  dfworx.admin_set_server_admin, dfworx.admin_sessions, dfworx.admin_end_sessions, dfworx.admin_organizations,
  dfworx.admin_rename_organization, dfworx.admin_set_role, dfworx.admin_invitations, dfworx.admin_revoke_invitation,
  dfworx.admin_facts to authenticated;
