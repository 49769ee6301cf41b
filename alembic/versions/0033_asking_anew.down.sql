create or replace function dfworx.late_answers() returns table (organization_id uuid, decision_id uuid)
language sql stable security definer set search_path = ''
as $$
  select distinct d.organization_id, d.id from dfworx.decisions d join dfworx.decision_askings a on a.decision_id = d.id
  where d.status in ('proposed', 'final_comment') and a.reminded_at is null
    and (a.created_at < now() - interval '2 days'
      or (d.comment_ends_at < now() + interval '1 day' and a.created_at < now() - interval '1 hour'))
    and not exists (select from dfworx.positions p
      where p.decision_id = d.id and p.membership_id = a.membership_id and p.version = d.version)
    and not exists (select from dfworx.concerns c
      where c.decision_id = d.id and c.owner_id = a.membership_id and c.state = 'open')
  limit 200
$$;
drop function dfworx.late_askings;
create index decision_askings_decision_id_index on dfworx.decision_askings (decision_id) where reminded_at is null;
