-- A session is a browser's, or a script's that signed in at /auth/token: then its refresh tokens hang on it, and it is their family.
alter table dfworx.sessions add column kind character varying not null default 'browser' check (kind in ('browser', 'api'));

create table dfworx.refresh_tokens (
  id uuid primary key,
  created_at timestamptz not null,
  user_id uuid not null references dfworx.users (id),
  session_id uuid not null references dfworx.sessions (id),
  token_hash character varying not null unique,
  spent_at timestamptz
);
create index refresh_tokens_user_id_index on dfworx.refresh_tokens (user_id);
create index refresh_tokens_session_id_index on dfworx.refresh_tokens (session_id);

create table dfworx.personal_tokens (
  id uuid primary key,
  created_at timestamptz not null,
  user_id uuid not null references dfworx.users (id),
  organization_id uuid references dfworx.organizations (id),
  name character varying not null,
  scope character varying not null check (scope in ('read', 'write', 'admin')),
  token_hash character varying not null unique,
  expires_at timestamptz not null check (expires_at <= created_at + interval '367 days'),
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index personal_tokens_user_id_index on dfworx.personal_tokens (user_id);
create index personal_tokens_organization_id_index on dfworx.personal_tokens (organization_id);

do $$
declare t text;
begin
  foreach t in array array['refresh_tokens', 'personal_tokens'] loop
    execute format('alter table dfworx.%I enable row level security', t);
    execute format('alter table dfworx.%I force row level security', t);
  end loop;
end
$$;
create policy self on dfworx.refresh_tokens for insert to authenticated
  with check (user_id = (select dfworx.my_user_id())
    and exists (select from dfworx.sessions s where s.id = session_id and s.user_id = refresh_tokens.user_id));
create policy self on dfworx.personal_tokens to authenticated
  using (user_id = (select dfworx.my_user_id()))
  with check (user_id = (select dfworx.my_user_id())
    and (organization_id is null or organization_id = any((select dfworx.my_organization_ids_ever())::uuid[])));
grant insert on dfworx.refresh_tokens to authenticated;
grant select, insert, update (revoked_at) on dfworx.personal_tokens to authenticated;

-- Change a refresh token for its successor. The successor follows from the token, so that a retry within the grace gets the same
-- one. A token that was spent before that is in two hands: its whole family ends, and `is_reused` says so.
create function dfworx.refresh_session(spent_hash text, successor uuid, successor_hash text, idle interval, grace interval)
returns table (user_id uuid, session_id uuid, expires_at timestamptz, is_reused boolean)
language plpgsql volatile security definer set search_path = ''
as $$
declare token dfworx.refresh_tokens; family dfworx.sessions;
begin
  select s.* into family from dfworx.sessions s join dfworx.users u on u.id = s.user_id and u.deactivated_at is null
  where s.id = (select t.session_id from dfworx.refresh_tokens t where t.token_hash = spent_hash)
    and s.revoked_at is null and s.expires_at > now() and s.last_seen_at > now() - idle for update of s;
  if family.id is null then return; end if;
  select t.* into token from dfworx.refresh_tokens t where t.token_hash = spent_hash;
  if token.spent_at is null then
    update dfworx.refresh_tokens t set spent_at = clock_timestamp() where t.id = token.id;
    insert into dfworx.refresh_tokens (id, created_at, user_id, session_id, token_hash)
    values (successor, now(), family.user_id, family.id, successor_hash);
  elsif token.spent_at < clock_timestamp() - grace or not exists (
      select from dfworx.refresh_tokens t where t.token_hash = successor_hash and t.spent_at is null) then
    update dfworx.sessions s set revoked_at = now() where s.id = family.id;
    return query select family.user_id, family.id, family.expires_at, true;
    return;
  end if;
  update dfworx.sessions s set last_seen_at = now() where s.id = family.id;
  return query select family.user_id, family.id, family.expires_at, false;
end
$$;

-- Whose family a refresh token belongs to; whoever holds it may end it.
create function dfworx.refresh_family(secret_hash text) returns table (user_id uuid, session_id uuid)
language sql stable security definer set search_path = ''
as $$
  select t.user_id, t.session_id from dfworx.refresh_tokens t join dfworx.sessions s on s.id = t.session_id
  where t.token_hash = secret_hash and s.revoked_at is null
$$;

-- Who a personal access token belongs to, and what they are in the organization of the address: nothing in another one than
-- the token is bound to.
create function dfworx.token_identity(secret_hash text, organization_slug text)
returns table (user_id uuid, user_name text, token_id uuid, scope text, is_bound boolean, organization_id uuid,
  membership_id uuid, role text)
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update dfworx.personal_tokens t set last_used_at = now()
  where t.token_hash = secret_hash and t.revoked_at is null and t.expires_at > now()
    and (t.last_used_at is null or t.last_used_at < now() - interval '1 minute');
  return query
    select u.id, u.name::text, t.id, t.scope::text, t.organization_id is not null, o.id, m.id, m.role::text
    from dfworx.personal_tokens t
    join dfworx.users u on u.id = t.user_id and u.deactivated_at is null
    left join dfworx.organizations o on o.slug = organization_slug and o.id = coalesce(t.organization_id, o.id)
    left join dfworx.memberships m on m.organization_id = o.id and m.user_id = u.id and m.left_at is null
    where t.token_hash = secret_hash and t.revoked_at is null and t.expires_at > now();
end
$$;

-- Whoever takes another password by a link may have lost more than the password: the tokens end, too.
create or replace function dfworx.reset_password(secret_hash text, password_hash text) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare whose uuid := dfworx.use_link(secret_hash, 'reset');
begin
  if whose is null then return null; end if;
  update dfworx.passwords set hash = password_hash where user_id = whose;
  update dfworx.mailed_links set used_at = now() where user_id = whose and purpose = 'reset' and used_at is null;
  update dfworx.sessions set revoked_at = now() where user_id = whose and revoked_at is null;
  update dfworx.personal_tokens set revoked_at = now() where user_id = whose and revoked_at is null;
  return whose;
end
$$;

revoke execute on function dfworx.refresh_session, dfworx.refresh_family, dfworx.token_identity from public;
grant execute on function dfworx.refresh_session, dfworx.refresh_family, dfworx.token_identity to anon, authenticated;
