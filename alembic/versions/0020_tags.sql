-- Tags. Every member sees them, moderators make them; that one hangs on something is seen by whoever sees that.
create table dfworx.tags (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  name character varying not null check (length(name) between 1 and 40),
  category character varying not null check (category in ('app', 'topic', 'decision', 'status', 'priority')),
  color character varying not null
    check (color in ('gray', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple'))
);
create unique index tags_organization_id_category_name_key on dfworx.tags (organization_id, category, lower(name));

-- A tag that is deleted comes off everywhere, also where whoever deletes it sees nothing.
create table dfworx.taggings (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  tag_id uuid not null references dfworx.tags (id) on delete cascade,
  kind character varying not null check (kind in ('thread', 'decision')),
  subject_id uuid not null,
  tagged_by uuid references dfworx.memberships (id),
  constraint taggings_tag_id_kind_subject_id_key unique (tag_id, kind, subject_id)
);
create index taggings_kind_subject_id_index on dfworx.taggings (kind, subject_id);
create index taggings_tagged_by_index on dfworx.taggings (tagged_by);

alter table dfworx.tags enable row level security;
alter table dfworx.tags force row level security;
alter table dfworx.taggings enable row level security;
alter table dfworx.taggings force row level security;

create policy tenant on dfworx.tags to authenticated
  using (organization_id = any((select dfworx.my_organization_ids())::uuid[]))
  with check (organization_id = any((select dfworx.my_organization_ids())::uuid[]));
create policy moderators_create on dfworx.tags as restrictive for insert to authenticated
  with check (organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[]));
create policy moderators_change on dfworx.tags as restrictive for update to authenticated
  using (organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[]));
create policy moderators_delete on dfworx.tags as restrictive for delete to authenticated
  using (organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[]));

create policy tenant on dfworx.taggings to authenticated
  using (organization_id = any((select dfworx.my_organization_ids())::uuid[]))
  with check (organization_id = any((select dfworx.my_organization_ids())::uuid[]));
create policy visible on dfworx.taggings as restrictive to authenticated
  using (case kind when 'thread' then exists (select from dfworx.threads t where t.id = subject_id)
    else exists (select from dfworx.decisions d where d.id = subject_id) end)
  with check (exists (select from dfworx.tags g where g.id = tag_id and g.organization_id = taggings.organization_id)
    and case kind
      when 'thread' then exists (select from dfworx.threads t
        where t.id = subject_id and t.organization_id = taggings.organization_id)
      else exists (select from dfworx.decisions d
        where d.id = subject_id and d.organization_id = taggings.organization_id) end);
create policy own on dfworx.taggings as restrictive for insert to authenticated
  with check (tagged_by = any((select dfworx.my_membership_ids())::uuid[]) or (select dfworx.am_system()));

grant select, insert, update (name, category, color), delete on dfworx.tags to authenticated;
grant select, insert, delete on dfworx.taggings to authenticated;

-- The demo goes with its tags.
create or replace function dfworx.remove_demo(thread uuid) returns void language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform from dfworx.threads t where t.id = thread and t.origin = 'demo'
    and t.organization_id = any(dfworx.my_organization_ids_as('owner', 'admin')) for update;
  if not found then raise insufficient_privilege; end if;
  delete from dfworx.taggings where kind = 'thread' and subject_id = thread;
  delete from dfworx.read_markers where thread_id = thread;
  delete from dfworx.message_revisions r using dfworx.messages m where m.id = r.message_id and m.thread_id = thread;
  delete from dfworx.messages where thread_id = thread;
  delete from dfworx.threads where id = thread;
end
$$;
