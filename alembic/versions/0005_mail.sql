-- Links that are sent by mail: used once, ended by time, kept as hashes; and which addresses are known to be their owners'.
alter table dfworx.users add column email_verified_at timestamptz;
alter table dfworx.invitations add column email character varying not null default '';

create table dfworx.mailed_links (
  id uuid primary key,
  created_at timestamptz not null,
  user_id uuid not null references dfworx.users (id),
  purpose character varying not null check (purpose in ('verify', 'reset')),
  token_hash character varying not null unique,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index mailed_links_user_id_index on dfworx.mailed_links (user_id);
alter table dfworx.mailed_links enable row level security;
alter table dfworx.mailed_links force row level security;
create policy self on dfworx.mailed_links to authenticated
  using (user_id = (select dfworx.my_user_id())) with check (user_id = (select dfworx.my_user_id()));
grant insert on dfworx.mailed_links to authenticated;

-- Use a link: whose it was; nothing when it does not exist, has ended, or was used before.
create function dfworx.use_link(secret_hash text, what_for text) returns uuid
language sql volatile security definer set search_path = ''
as $$
  update dfworx.mailed_links l set used_at = now()
  where l.token_hash = secret_hash and l.purpose = what_for and l.used_at is null and l.expires_at > now()
    and exists (select from dfworx.users u where u.id = l.user_id and u.deactivated_at is null)
  returning l.user_id
$$;

create function dfworx.verify_email(secret_hash text) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare whose uuid := dfworx.use_link(secret_hash, 'verify');
begin
  update dfworx.users set email_verified_at = coalesce(email_verified_at, now()) where id = whose;
  return whose;
end
$$;

-- Another password by a link: every session ends, and every other link of this kind.
create function dfworx.reset_password(secret_hash text, password_hash text) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare whose uuid := dfworx.use_link(secret_hash, 'reset');
begin
  if whose is null then return null; end if;
  update dfworx.passwords set hash = password_hash where user_id = whose;
  update dfworx.mailed_links set used_at = now() where user_id = whose and purpose = 'reset' and used_at is null;
  update dfworx.sessions set revoked_at = now() where user_id = whose and revoked_at is null;
  return whose;
end
$$;

-- Where no mail is sent, owners and admins hand over a link: to members of no higher role, never to themselves.
create function dfworx.keep_reset_link(member uuid, link uuid, secret_hash text, lasting interval) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare whose uuid;
begin
  select m.user_id into whose from dfworx.memberships m
  where m.id = member and m.left_at is null and m.user_id is distinct from dfworx.my_user_id()
    and (m.organization_id = any(dfworx.my_organization_ids_as('owner'))
      or (m.role <> 'owner' and m.organization_id = any(dfworx.my_organization_ids_as('admin'))));
  if whose is null then return null; end if;
  insert into dfworx.mailed_links (id, created_at, user_id, purpose, token_hash, expires_at)
  values (link, now(), whose, 'reset', secret_hash, now() + lasting);
  return whose;
end
$$;

revoke execute on function dfworx.use_link, dfworx.verify_email, dfworx.reset_password, dfworx.keep_reset_link from public;
grant execute on function dfworx.verify_email, dfworx.reset_password to anon, authenticated;
grant execute on function dfworx.keep_reset_link to authenticated;
