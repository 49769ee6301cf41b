-- Who sees what. Every function below reads the claims of the transaction (request.jwt.claims) and never the `auth` schema,
-- so that the same migration runs on plain Postgres and on Supabase. docs/permissions.md explains each.

-- They are plpgsql and read the setting themselves: a session keeps their plans, which makes a call four times cheaper.

create function dfworx.my_user_id() returns uuid language plpgsql stable set search_path = ''
as $$ begin return nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'; end $$;

create function dfworx.am_system() returns boolean language plpgsql stable set search_path = ''
as $$ begin return coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'actor' = 'system', false); end $$;

-- The organizations of the person; of the system actor the one that it acts in.
create function dfworx.my_organization_ids() returns uuid[] language plpgsql stable security definer set search_path = ''
as $$
declare claims jsonb := nullif(current_setting('request.jwt.claims', true), '');
begin
  if claims ->> 'actor' = 'system' then return array[(claims ->> 'organization_id')::uuid]; end if;
  return (select coalesce(array_agg(m.organization_id), '{}') from dfworx.memberships m
          where m.user_id = (claims ->> 'sub')::uuid and m.left_at is null);
end
$$;

create function dfworx.my_membership_ids() returns uuid[] language plpgsql stable security definer set search_path = ''
as $$
declare claims jsonb := nullif(current_setting('request.jwt.claims', true), '');
begin
  return (select coalesce(array_agg(m.id), '{}') from dfworx.memberships m
          where m.user_id = (claims ->> 'sub')::uuid and m.left_at is null);
end
$$;

-- The same with those that the person has left: leaving still has to be told and audited in the transaction that does it.
create function dfworx.my_organization_ids_ever() returns uuid[] language plpgsql stable security definer set search_path = ''
as $$
declare claims jsonb := nullif(current_setting('request.jwt.claims', true), '');
begin
  if claims ->> 'actor' = 'system' then return array[(claims ->> 'organization_id')::uuid]; end if;
  return (select coalesce(array_agg(m.organization_id), '{}') from dfworx.memberships m
          where m.user_id = (claims ->> 'sub')::uuid);
end
$$;

-- Where the person holds one of the roles.
create function dfworx.my_organization_ids_as(variadic roles text[]) returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
declare claims jsonb := nullif(current_setting('request.jwt.claims', true), '');
begin
  if claims ->> 'actor' = 'system' then return array[(claims ->> 'organization_id')::uuid]; end if;
  return (select coalesce(array_agg(m.organization_id), '{}') from dfworx.memberships m
          where m.user_id = (claims ->> 'sub')::uuid and m.left_at is null and m.role = any(roles));
end
$$;

-- What the person is in an organization; a policy on memberships cannot read memberships itself.
create function dfworx.my_role(organization uuid) returns text language plpgsql stable security definer set search_path = ''
as $$
declare claims jsonb := nullif(current_setting('request.jwt.claims', true), '');
begin
  return (select m.role from dfworx.memberships m
          where m.organization_id = organization and m.user_id = (claims ->> 'sub')::uuid and m.left_at is null);
end
$$;

-- The places that the person can see: open ones (guests: none of these), and those that they were added to.
create function dfworx.my_place_ids() returns uuid[] language plpgsql stable security definer set search_path = ''
as $$
declare
  claims jsonb := nullif(current_setting('request.jwt.claims', true), '');
  organization uuid := (claims ->> 'organization_id')::uuid;
begin
  if claims ->> 'actor' = 'system' then
    return (select coalesce(array_agg(p.id), '{}') from dfworx.places p where p.organization_id = organization);
  end if;
  return (
    select coalesce(array_agg(p.id), '{}') from dfworx.memberships m
    join dfworx.places p on p.organization_id = m.organization_id
    where m.user_id = (claims ->> 'sub')::uuid and m.left_at is null
      and (organization is null or m.organization_id = organization)
      and ((p.visibility <> 'members' and m.role <> 'guest')
           or exists (select from dfworx.place_members pm where pm.place_id = p.id and pm.membership_id = m.id)));
end
$$;

-- Before there are claims: the few questions that nobody must be able to ask. Granted to anon, listed in docs/permissions.md.

-- For the health check: the application cannot read Alembic's own table.
create function dfworx.migration() returns text language sql stable security definer set search_path = ''
as $$ select version_num from dfworx.alembic_version $$;

create function dfworx.has_accounts() returns boolean language sql stable security definer set search_path = ''
as $$ select exists (select from dfworx.users) $$;

create function dfworx.credential(address text) returns table (user_id uuid, hash text)
language sql stable security definer set search_path = ''
as $$
  select u.id, p.hash from dfworx.users u join dfworx.passwords p on p.user_id = u.id
  where u.email = address and u.deactivated_at is null
$$;

-- Who a session belongs to and what they are in the organization of the address; a dead session is nobody.
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

create function dfworx.register_user(new_id uuid, address text, display_name text, password_hash text, first_only boolean)
returns boolean language plpgsql volatile security definer set search_path = ''
as $$
declare made uuid;
begin
  if first_only then
    lock table dfworx.users in share row exclusive mode;  -- two first runs at once: one wins
    if exists (select from dfworx.users) then return false; end if;
  end if;
  insert into dfworx.users (id, created_at, email, name, is_server_admin)
  values (new_id, now(), address, display_name, first_only) on conflict (email) do nothing returning id into made;
  if made is null then return false; end if;
  insert into dfworx.passwords (id, created_at, user_id, hash) values (gen_random_uuid(), now(), new_id, password_hash);
  return true;
end
$$;

create function dfworx.invitation(secret_hash text)
returns table (organization_id uuid, organization_name text, organization_slug text, role text)
language sql stable security definer set search_path = ''
as $$
  select o.id, o.name, o.slug, i.role from dfworx.invitations i join dfworx.organizations o on o.id = i.organization_id
  where i.token_hash = secret_hash and i.revoked_at is null and i.expires_at > now() and i.uses < i.max_uses
$$;

-- For people who are signed in, where the plain policies cannot say it.

create function dfworx.my_password_hash() returns text language sql stable security definer set search_path = ''
as $$ select p.hash from dfworx.passwords p where p.user_id = dfworx.my_user_id() $$;

create function dfworx.change_my_password(password_hash text) returns void
language sql volatile security definer set search_path = ''
as $$ update dfworx.passwords set hash = password_hash where user_id = dfworx.my_user_id() $$;

create function dfworx.create_organization(new_id uuid, new_slug text, new_name text, membership uuid)
returns boolean language plpgsql volatile security definer set search_path = ''
as $$
begin
  if dfworx.my_user_id() is null then raise insufficient_privilege; end if;
  insert into dfworx.organizations (id, created_at, slug, name) values (new_id, now(), new_slug, new_name)
  on conflict (slug) do nothing;
  if not found then return false; end if;
  insert into dfworx.memberships (id, created_at, organization_id, user_id, name, role)
  select membership, now(), new_id, u.id, u.name, 'owner' from dfworx.users u where u.id = dfworx.my_user_id();
  return true;
end
$$;

-- Joins by an invitation; somebody who left comes back under the same membership. Null: the link is not valid.
create function dfworx.accept_invitation(secret_hash text, new_membership uuid)
returns table (membership_id uuid, organization_id uuid, role text, is_new boolean)
language plpgsql volatile security definer set search_path = ''
as $$
declare inv dfworx.invitations; mine dfworx.memberships;
begin
  if dfworx.my_user_id() is null then raise insufficient_privilege; end if;
  select * into inv from dfworx.invitations i where i.token_hash = secret_hash and i.revoked_at is null
    and i.expires_at > now() and i.uses < i.max_uses for update;
  if inv.id is null then return; end if;
  select * into mine from dfworx.memberships m
  where m.organization_id = inv.organization_id and m.user_id = dfworx.my_user_id();
  if mine.id is not null and mine.left_at is null then
    return query select mine.id, inv.organization_id, mine.role::text, false; return;
  end if;
  update dfworx.invitations set uses = uses + 1 where id = inv.id;
  if mine.id is not null then
    update dfworx.memberships m set left_at = null, role = inv.role, name = u.name
    from dfworx.users u where m.id = mine.id and u.id = m.user_id;
    return query select mine.id, inv.organization_id, inv.role::text, true; return;
  end if;
  insert into dfworx.memberships (id, created_at, organization_id, user_id, name, role)
  select new_membership, now(), inv.organization_id, u.id, u.name, inv.role
  from dfworx.users u where u.id = dfworx.my_user_id();
  return query select new_membership, inv.organization_id, inv.role::text, true;
end
$$;

-- The addresses of an organization's members, for its administrators.
create function dfworx.member_emails(organization uuid) returns table (membership_id uuid, email text)
language sql stable security definer set search_path = ''
as $$
  select m.id, u.email from dfworx.memberships m join dfworx.users u on u.id = m.user_id
  where m.organization_id = organization and m.left_at is null
    and organization = any(dfworx.my_organization_ids_as('owner', 'admin'))
$$;

-- The demo thread of a new organization can be removed by its administrators; nothing else is ever deleted.
create function dfworx.remove_demo(thread uuid) returns void language plpgsql volatile security definer set search_path = ''
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

-- An organization keeps an owner, whatever two writers do at once: they queue on the organization's row.
create function dfworx.keep_an_owner() returns trigger language plpgsql security definer set search_path = ''
as $$
begin
  if old.role = 'owner' and old.left_at is null and (new.role <> 'owner' or new.left_at is not null) then
    perform from dfworx.organizations o where o.id = old.organization_id for update;
    if not exists (select from dfworx.memberships m where m.organization_id = old.organization_id
                   and m.role = 'owner' and m.left_at is null and m.user_id is not null and m.id <> old.id) then
      raise exception 'the last owner' using errcode = 'DF001';
    end if;
  end if;
  return new;
end
$$;
-- Whoever leaves an organization leaves its places: coming back begins with what everybody sees.
create function dfworx.leave_places() returns trigger language plpgsql security definer set search_path = ''
as $$ begin delete from dfworx.place_members pm where pm.membership_id = new.id; return new; end $$;
create trigger leave_places after update of left_at on dfworx.memberships for each row
when (old.left_at is null and new.left_at is not null) execute function dfworx.leave_places();

-- A private place that this very transaction has made: its creator lets the first member in, themselves.
create function dfworx.is_my_new_place(place uuid, organization uuid) returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (select from dfworx.places p where p.id = place and p.organization_id = organization
    and p.xmin = pg_current_xact_id()::xid
    and p.created_by = any(dfworx.my_membership_ids()));
end
$$;

create trigger keep_an_owner before update on dfworx.memberships for each row execute function dfworx.keep_an_owner();

revoke execute on all functions in schema dfworx from public;
grant usage on schema dfworx to anon, authenticated, dfworx_dispatcher;
grant execute on function dfworx.my_user_id, dfworx.am_system, dfworx.my_organization_ids,
  dfworx.my_organization_ids_ever, dfworx.my_membership_ids, dfworx.my_organization_ids_as, dfworx.my_role,
  dfworx.my_place_ids to anon, authenticated;
grant execute on function dfworx.migration, dfworx.has_accounts, dfworx.credential, dfworx.session_identity, dfworx.register_user,
  dfworx.invitation to anon, authenticated;
grant execute on function dfworx.my_password_hash, dfworx.change_my_password, dfworx.create_organization,
  dfworx.accept_invitation, dfworx.member_emails, dfworx.remove_demo, dfworx.is_my_new_place to authenticated;

-- Grants: what is not granted cannot happen, whatever the policies say. Columns that are not listed never change.
grant select, update (name) on dfworx.users to authenticated;
grant select, insert, update (last_seen_at, revoked_at) on dfworx.sessions to authenticated;
grant select, update (name) on dfworx.organizations to authenticated;
grant select, insert, update (name, role, left_at) on dfworx.memberships to authenticated;
grant select, insert, update (revoked_at) on dfworx.invitations to authenticated;
grant select, insert, update (name, description, archived_at) on dfworx.places to authenticated;
grant select, insert, delete on dfworx.place_members to authenticated;
grant select, insert,
  update (place_id, title, last_seq, version, history_seq, last_message_at, resolved_at, resolved_by)
  on dfworx.threads to authenticated;
grant select, insert, update (last_read_seq) on dfworx.read_markers to authenticated;
grant select, insert, update (source, html, version, revision, edited_at, deleted_at, deleted_by, moved_to)
  on dfworx.messages to authenticated;
grant select, insert on dfworx.message_revisions to authenticated;
grant select, insert on dfworx.audit_events to authenticated;
grant insert on dfworx.outbox to authenticated;
grant select, update, delete on dfworx.outbox to dfworx_dispatcher;

-- Row-level security: forced on every table; what no policy allows is refused.
do $$
declare t text;
begin
  foreach t in array array['users', 'passwords', 'sessions', 'organizations', 'memberships', 'invitations', 'places',
    'place_members', 'threads', 'read_markers', 'messages', 'message_revisions', 'audit_events', 'outbox'] loop
    execute format('alter table dfworx.%I enable row level security', t);
    execute format('alter table dfworx.%I force row level security', t);
  end loop;
  foreach t in array array['memberships', 'invitations', 'places', 'place_members', 'threads', 'read_markers', 'messages',
    'message_revisions'] loop
    execute format('create policy tenant on dfworx.%I to authenticated
      using (organization_id = any((select dfworx.my_organization_ids())::uuid[]))
      with check (organization_id = any((select dfworx.my_organization_ids())::uuid[]))', t);
  end loop;
end
$$;

create policy self on dfworx.users to authenticated using (id = (select dfworx.my_user_id()));
create policy self on dfworx.sessions to authenticated
  using (user_id = (select dfworx.my_user_id())) with check (user_id = (select dfworx.my_user_id()));
create policy member on dfworx.organizations to authenticated
  using (id = any((select dfworx.my_organization_ids())::uuid[]));
create policy admins on dfworx.organizations as restrictive for update to authenticated
  using (id = any((select dfworx.my_organization_ids_as('owner', 'admin'))::uuid[]));

-- Memberships: people change their own name and leave; the rest is for administrators; placeholders come with imports.
create policy admins_or_self on dfworx.memberships as restrictive for update to authenticated
  using (user_id = (select dfworx.my_user_id())
    or organization_id = any((select dfworx.my_organization_ids_as('owner'))::uuid[])
    or (role <> 'owner' and organization_id = any((select dfworx.my_organization_ids_as('admin'))::uuid[])))
  with check ((user_id = (select dfworx.my_user_id()) and left_at is not null)
    or role = any(case when organization_id = any((select dfworx.my_organization_ids_as('owner'))::uuid[])
      then array['owner', 'admin', 'moderator', 'member', 'guest']
      when organization_id = any((select dfworx.my_organization_ids_as('admin'))::uuid[])
      then array['admin', 'moderator', 'member', 'guest'] else array[dfworx.my_role(organization_id)] end));
create policy placeholders on dfworx.memberships as restrictive for insert to authenticated
  with check ((select dfworx.am_system()) and user_id is null and role = 'guest');
create policy admins on dfworx.invitations as restrictive to authenticated
  using (organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin'))::uuid[]))
  with check (organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin'))::uuid[])
    and (role <> 'owner' or organization_id = any((select dfworx.my_organization_ids_as('owner'))::uuid[])));

-- Private places are judged here too; whoever creates one is its first member, in the same transaction.
create policy visible on dfworx.places as restrictive for select to authenticated
  using (id = any((select dfworx.my_place_ids())::uuid[]));
create policy visible_update on dfworx.places as restrictive for update to authenticated
  using (id = any((select dfworx.my_place_ids())::uuid[]));
create policy own on dfworx.places as restrictive for insert to authenticated
  with check (created_by = any((select dfworx.my_membership_ids())::uuid[]) or (select dfworx.am_system()));
create policy visible on dfworx.place_members as restrictive to authenticated
  using (exists (select from dfworx.places p where p.id = place_id and p.organization_id = place_members.organization_id))
  with check (exists (select from dfworx.places p where p.id = place_id and p.organization_id = place_members.organization_id)
    or dfworx.is_my_new_place(place_id, organization_id));
create policy visible on dfworx.threads as restrictive to authenticated
  using (place_id = any((select dfworx.my_place_ids())::uuid[]))
  with check (place_id = any((select dfworx.my_place_ids())::uuid[])
    and exists (select from dfworx.places p where p.id = place_id and p.organization_id = threads.organization_id));
create policy own on dfworx.threads as restrictive for insert to authenticated
  with check (created_by = any((select dfworx.my_membership_ids())::uuid[]) or (select dfworx.am_system()));
create policy own on dfworx.read_markers as restrictive to authenticated
  using (membership_id = any((select dfworx.my_membership_ids())::uuid[]))
  with check (membership_id = any((select dfworx.my_membership_ids())::uuid[])
    and exists (select from dfworx.threads t where t.id = thread_id and t.organization_id = read_markers.organization_id));
create policy visible on dfworx.messages as restrictive to authenticated
  using (exists (select from dfworx.threads t where t.id = thread_id));
create policy own on dfworx.messages as restrictive for insert to authenticated
  with check ((author_id = any((select dfworx.my_membership_ids())::uuid[]) or (select dfworx.am_system()))
    and exists (select from dfworx.threads t where t.id = thread_id and t.organization_id = messages.organization_id));
create policy own_or_moderators on dfworx.messages as restrictive for update to authenticated
  using (author_id = any((select dfworx.my_membership_ids())::uuid[])
    or organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[]));
create policy visible on dfworx.message_revisions as restrictive to authenticated
  using (exists (select from dfworx.messages m where m.id = message_id))
  with check (exists (select from dfworx.messages m where m.id = message_id
    and m.organization_id = message_revisions.organization_id
    and (m.author_id = any((select dfworx.my_membership_ids())::uuid[])
      or m.organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[]))));

create policy own_or_admins on dfworx.audit_events for select to authenticated
  using (user_id = (select dfworx.my_user_id())
    or organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin'))::uuid[]));
create policy own on dfworx.audit_events for insert to authenticated
  with check (coalesce(user_id = (select dfworx.my_user_id()), (select dfworx.am_system()))
    and (organization_id is null or organization_id = any((select dfworx.my_organization_ids_ever())::uuid[])));
create policy announce on dfworx.outbox for insert to authenticated
  with check (organization_id is null or organization_id = any((select dfworx.my_organization_ids_ever())::uuid[]));
create policy dispatch on dfworx.outbox to dfworx_dispatcher using (true);
