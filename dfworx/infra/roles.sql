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
end
$$;
grant anon, authenticated to dfworx_app;
grant dfworx_owner to dfworx_migrator;
