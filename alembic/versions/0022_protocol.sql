-- The discussion of a concern: whoever sees the decision reads and writes it, as long as the concern is open; what was said stays.
create table dfworx.concern_replies (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  concern_id uuid not null references dfworx.concerns (id),
  author_id uuid not null references dfworx.memberships (id),
  source text not null check (source <> ''),
  html text not null
);
create index concern_replies_concern_id_id_index on dfworx.concern_replies (concern_id, id);
create index concern_replies_author_id_index on dfworx.concern_replies (author_id);

alter table dfworx.concern_replies enable row level security;
alter table dfworx.concern_replies force row level security;
create policy tenant on dfworx.concern_replies to authenticated
  using (organization_id = any((select dfworx.my_organization_ids())::uuid[]))
  with check (organization_id = any((select dfworx.my_organization_ids())::uuid[]));
create policy visible on dfworx.concern_replies as restrictive to authenticated
  using (exists (select from dfworx.concerns c where c.id = concern_id))
  with check (exists (select from dfworx.concerns c
    where c.id = concern_id and c.organization_id = concern_replies.organization_id and c.state = 'open'));
create policy own on dfworx.concern_replies as restrictive for insert to authenticated
  with check (author_id = any((select dfworx.my_membership_ids())::uuid[]));
grant select, insert on dfworx.concern_replies to authenticated;

-- What was handed to the SMTP server about decisions: claimed before, marked after. Nobody sees it but the worker.
create table dfworx.mailed_notices (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  membership_id uuid not null references dfworx.memberships (id),
  decision_id uuid not null references dfworx.decisions (id),
  kind character varying not null,
  occasion uuid not null,
  mailed_at timestamptz
);
create index mailed_notices_membership_id_index on dfworx.mailed_notices (membership_id);
create index mailed_notices_decision_id_index on dfworx.mailed_notices (decision_id);

alter table dfworx.mailed_notices enable row level security;
alter table dfworx.mailed_notices force row level security;
create policy tenant on dfworx.mailed_notices to authenticated
  using (organization_id = any((select dfworx.my_organization_ids())::uuid[]))
  with check (organization_id = any((select dfworx.my_organization_ids())::uuid[]));
create policy system on dfworx.mailed_notices as restrictive to authenticated
  using ((select dfworx.am_system()))
  with check ((select dfworx.am_system()) and exists (select from dfworx.decisions d
    where d.id = decision_id and d.organization_id = mailed_notices.organization_id));
create policy refused on dfworx.mailed_notices as restrictive for delete to authenticated
  using (mailed_at is null);
grant select, insert, update (mailed_at), delete on dfworx.mailed_notices to authenticated;
