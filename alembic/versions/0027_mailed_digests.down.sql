delete from dfworx.mailed_notices where decision_id is null;
alter table dfworx.mailed_notices alter column decision_id set not null;
alter policy system on dfworx.mailed_notices
  with check ((select dfworx.am_system()) and exists (select from dfworx.decisions d
    where d.id = decision_id and d.organization_id = mailed_notices.organization_id));
