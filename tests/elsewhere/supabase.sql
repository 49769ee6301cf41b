-- A plain cluster takes Supabase's shape: the administrator keeps the superuser's rights and the managed schemas,
-- `postgres` has what a customer has. Run once by supabase_admin in the database `postgres`.
create role postgres login nosuperuser createdb createrole replication bypassrls;
create role anon nologin;
create role authenticated nologin;
create role service_role nologin bypassrls;
create role authenticator login noinherit;
create role supabase_auth_admin login noinherit createrole;
create role supabase_storage_admin login noinherit createrole;
grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role to postgres with admin option;
alter database postgres owner to postgres;
alter schema public owner to postgres;
create schema auth authorization supabase_admin;
create schema storage authorization supabase_admin;
create schema realtime authorization supabase_admin;
create schema extensions authorization postgres;
grant usage on schema auth, storage, realtime to postgres, anon, authenticated, service_role;
create table auth.users (id uuid primary key, email text);
create table storage.objects (id uuid primary key, owner uuid);
alter table auth.users owner to supabase_auth_admin;
alter table storage.objects owner to supabase_storage_admin;
create function auth.jwt() returns jsonb language sql stable
as $$ select coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb $$;
create function auth.uid() returns uuid language sql stable as $$ select (auth.jwt() ->> 'sub')::uuid $$;
create function auth.role() returns text language sql stable as $$ select auth.jwt() ->> 'role' $$;
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
