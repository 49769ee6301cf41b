-- The database roles of DFWorX. Run once by an administrator of the database (the embedded one: done at start):
-- the owner of the schema (cannot log in, bypasses row-level security), Supabase's names for requests, and three logins.
do $$
declare r text;
begin
  foreach r in array array['anon', 'authenticated', 'dfworx_owner'] loop
    if not exists (select from pg_roles where rolname = r) then execute format('create role %I nologin noinherit', r); end if;
  end loop;
  foreach r in array array['dfworx_app', 'dfworx_dispatcher', 'dfworx_migrator'] loop
    if not exists (select from pg_roles where rolname = r) then execute format('create role %I login noinherit', r); end if;
  end loop;
  if not (select rolbypassrls from pg_roles where rolname = 'dfworx_owner') then
    alter role dfworx_owner bypassrls;
  end if;
  execute format('grant create on database %I to dfworx_owner', current_database());
  -- An administrator without a superuser's rights (Supabase's postgres) may have to serve as all three logins. It becomes
  -- the owner when it says so; where Postgres can tell the two apart (16), it does not have the owner's rights otherwise.
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant anon, authenticated, dfworx_dispatcher to %I', current_user);
    execute format('grant dfworx_owner to %I', current_user) ||
      case when current_setting('server_version_num')::int >= 160000 then ' with inherit false, set true' else '' end;
  end if;
end
$$;
grant anon, authenticated to dfworx_app;
grant dfworx_owner to dfworx_migrator;
