-- Templates of proposals. Every member sees them, owners and admins make them. An organization that has changed none has no
-- rows here, and those that every organization begins with.
create table dfworx.decision_templates (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  position integer not null,
  name character varying not null check (length(name) between 1 and 60),
  explanation character varying not null,
  quorum_share integer not null check (quorum_share between 0 and 100),
  quorum_least integer not null check (quorum_least >= 0),
  share integer not null check (share between 0 and 100),
  comment_hours integer not null check (comment_hours >= 0),
  is_business_days boolean not null,
  is_hidden boolean not null,
  is_anonymous boolean not null
);
create unique index decision_templates_organization_id_name_key on dfworx.decision_templates (organization_id, lower(name));

alter table dfworx.decision_templates enable row level security;
alter table dfworx.decision_templates force row level security;
create policy tenant on dfworx.decision_templates to authenticated
  using (organization_id = any((select dfworx.my_organization_ids())::uuid[]))
  with check (organization_id = any((select dfworx.my_organization_ids())::uuid[]));
create policy admins_create on dfworx.decision_templates as restrictive for insert to authenticated
  with check (organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin'))::uuid[]));
create policy admins_change on dfworx.decision_templates as restrictive for update to authenticated
  using (organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin'))::uuid[]));
create policy admins_delete on dfworx.decision_templates as restrictive for delete to authenticated
  using (organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin'))::uuid[]));
grant select, insert, update (name, explanation, quorum_share, quorum_least, share, comment_hours, is_business_days,
    is_hidden, is_anonymous), delete
  on dfworx.decision_templates to authenticated;
