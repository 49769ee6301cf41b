-- Whoever drafts says who is asked, before it is proposed; whoever decides asks more people while it is open. The system reminds.
alter policy drafters on dfworx.decision_askings
  with check (exists (select from dfworx.decisions d where d.id = decision_id and d.status in ('draft', 'proposed', 'final_comment')
    and (d.organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[])
      or case when d.status = 'draft' then d.created_by = any((select dfworx.my_membership_ids())::uuid[])
        else d.decider_id = any((select dfworx.my_membership_ids())::uuid[])
          and d.organization_id = any((select dfworx.my_organization_ids_as('member'))::uuid[]) end)));

-- Where nobody is named, every member may answer: naming somebody later would take that from the others.
create function dfworx.guard_asking() returns trigger language plpgsql set search_path = ''
as $$
begin
  if exists (select from dfworx.decisions d where d.id = new.decision_id and d.status <> 'draft')
    and not exists (select from dfworx.decision_askings a where a.decision_id = new.decision_id) then
    raise exception 'every member may answer' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger guard_asking before insert on dfworx.decision_askings
  for each row when (current_user = 'authenticated') execute function dfworx.guard_asking();

-- Which of these members of the caller's organizations are let in.
create function dfworx.active_members(members uuid[]) returns table (membership_id uuid)
language sql stable security definer set search_path = ''
as $$
  select m.id from dfworx.memberships m join dfworx.users u on u.id = m.user_id and u.deactivated_at is null
  where m.id = any(members) and m.left_at is null and m.organization_id = any(dfworx.my_organization_ids())
$$;
revoke execute on function dfworx.guard_asking, dfworx.active_members from public;
grant execute on function dfworx.active_members to authenticated;
