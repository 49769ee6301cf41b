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
