drop function dfworx.active_members;
drop trigger guard_asking on dfworx.decision_askings;
drop function dfworx.guard_asking;
alter policy drafters on dfworx.decision_askings
  with check (exists (select from dfworx.decisions d where d.id = decision_id and d.status = 'draft'
    and (d.created_by = any((select dfworx.my_membership_ids())::uuid[])
      or d.organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[]))));
