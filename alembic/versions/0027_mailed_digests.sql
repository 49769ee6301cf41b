-- The mail of Mondays is about no decision; all else is about one, as before.
alter table dfworx.mailed_notices alter column decision_id drop not null;
alter policy system on dfworx.mailed_notices
  with check ((select dfworx.am_system()) and case
    when kind = 'digest' then decision_id is null and exists (select from dfworx.memberships m
      where m.id = membership_id and m.organization_id = mailed_notices.organization_id)
    else exists (select from dfworx.decisions d
      where d.id = decision_id and d.organization_id = mailed_notices.organization_id) end);
