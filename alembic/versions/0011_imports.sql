-- Imports of archives: owners and admins begin and stop them, the system carries them out.
create table dfworx.imports (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  kind character varying not null,
  name character varying not null,
  folder character varying not null,
  realm character varying not null,
  digest character varying not null,
  bytes bigint not null,
  started_by uuid references dfworx.memberships (id),
  state character varying not null
    check (state in ('waiting', 'running', 'stopping', 'stopped', 'done', 'failed', 'discarded')),
  started_at timestamptz,
  finished_at timestamptz,
  runner uuid,
  heartbeat_at timestamptz,
  files integer not null,
  at_file integer not null,
  at_message integer not null,
  senders jsonb not null,
  report jsonb not null,
  problem text not null
);
create index imports_started_by_index on dfworx.imports (started_by);
create index imports_organization_id_created_at_id_index on dfworx.imports (organization_id, created_at, id);
-- One at a time, whoever begins.
create unique index imports_active_key on dfworx.imports (organization_id)
  where state in ('waiting', 'running', 'stopping');
alter table dfworx.imports enable row level security;
alter table dfworx.imports force row level security;
create policy tenant on dfworx.imports to authenticated
  using (organization_id = any((select dfworx.my_organization_ids())::uuid[]))
  with check (organization_id = any((select dfworx.my_organization_ids())::uuid[]));
create policy admins on dfworx.imports as restrictive to authenticated
  using (organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin'))::uuid[]))
  with check (organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin'))::uuid[]));
grant select, insert,
  update (folder, state, started_at, finished_at, runner, heartbeat_at, files, at_file, at_message, senders, report, problem)
  on dfworx.imports to authenticated;
