alter policy own_or_moderators on dfworx.messages
  using (author_id = any((select dfworx.my_membership_ids())::uuid[])
    or organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[]));
alter policy visible on dfworx.message_revisions
  using (exists (select from dfworx.messages m where m.id = message_id))
  with check (exists (select from dfworx.messages m where m.id = message_id
    and m.organization_id = message_revisions.organization_id
    and (m.author_id = any((select dfworx.my_membership_ids())::uuid[])
      or m.organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[]))));
drop function dfworx.claim_author;
drop function dfworx.my_author_ids;
alter table dfworx.memberships
  drop column claimed_by,
  drop column claimant_id,
  drop constraint memberships_organization_id_id_key;
