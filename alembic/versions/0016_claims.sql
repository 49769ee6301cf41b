-- An imported author is somebody: `claimed_by` says who, `claimant_id` who says so until an administrator has decided.
alter table dfworx.memberships
  add column claimed_by uuid,
  add column claimant_id uuid,
  add constraint memberships_organization_id_id_key unique (organization_id, id),
  add constraint memberships_claimed_check check (user_id is null or (claimed_by is null and claimant_id is null)),
  add constraint memberships_decided_check check (claimed_by is null or claimant_id is null);
alter table dfworx.memberships
  add constraint memberships_claimed_by_fkey
    foreign key (organization_id, claimed_by) references dfworx.memberships (organization_id, id),
  add constraint memberships_claimant_id_fkey
    foreign key (organization_id, claimant_id) references dfworx.memberships (organization_id, id);
create index memberships_claimed_by_index on dfworx.memberships (claimed_by) where claimed_by is not null;
create index memberships_claimant_id_index on dfworx.memberships (claimant_id) where claimant_id is not null;
grant update (claimed_by, claimant_id) on dfworx.memberships to authenticated;

-- Whose words are the caller's own: the memberships that they have, and the imported authors that they are.
create function dfworx.my_author_ids() returns uuid[] language plpgsql stable security definer set search_path = ''
as $$
declare mine uuid[] := dfworx.my_membership_ids();
begin
  return mine || array(select a.id from dfworx.memberships a where a.claimed_by = any(mine));
end
$$;

-- A member says that an unclaimed author was them, or takes that back; nothing happens to any other.
create function dfworx.claim_author(author uuid, wanted boolean) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update dfworx.memberships a set claimant_id = case when wanted then m.id end
  from dfworx.memberships m
  where a.id = author and a.user_id is null and a.claimed_by is null
    and case when wanted then a.claimant_id is null else a.claimant_id = m.id end
    and m.organization_id = a.organization_id and m.user_id = dfworx.my_user_id() and m.left_at is null
    and m.role in ('owner', 'admin', 'moderator', 'member');
  return found;
end
$$;

alter policy own_or_moderators on dfworx.messages
  using (author_id = any((select dfworx.my_author_ids())::uuid[])
    or organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[]));
alter policy visible on dfworx.message_revisions
  using (exists (select from dfworx.messages m where m.id = message_id))
  with check (exists (select from dfworx.messages m where m.id = message_id
    and m.organization_id = message_revisions.organization_id
    and (m.author_id = any((select dfworx.my_author_ids())::uuid[])
      or m.organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[]))));

revoke execute on function dfworx.my_author_ids, dfworx.claim_author from public;
grant execute on function dfworx.my_author_ids to anon, authenticated;
grant execute on function dfworx.claim_author to authenticated;
