create or replace function dfworx.keep_reset_link(member uuid, link uuid, secret_hash text, lasting interval) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare whose uuid;
begin
  select m.user_id into whose from dfworx.memberships m
  where m.id = member and m.left_at is null and m.user_id is distinct from dfworx.my_user_id()
    and (m.organization_id = any(dfworx.my_organization_ids_as('owner'))
      or (m.role <> 'owner' and m.organization_id = any(dfworx.my_organization_ids_as('admin'))));
  if whose is null then return null; end if;
  insert into dfworx.mailed_links (id, created_at, user_id, purpose, token_hash, expires_at)
  values (link, now(), whose, 'reset', secret_hash, now() + lasting);
  return whose;
end
$$;
drop function dfworx.admin_facts, dfworx.admin_revoke_invitation, dfworx.admin_invitations, dfworx.admin_set_role,
  dfworx.admin_rename_organization, dfworx.admin_organizations, dfworx.admin_end_sessions, dfworx.admin_sessions,
  dfworx.admin_set_server_admin, dfworx.admin_set_active, dfworx.admin_keep_one, dfworx.admin_keep_reset_link,
  dfworx.admin_reaches;
drop index dfworx.organizations_name_index, dfworx.invitations_created_at_index;
