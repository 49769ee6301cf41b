-- Of these decisions those that still ask somebody: two days ago, or an hour ago with less than a day left, and nobody has
-- reminded them since. They are asked when it is proposed, by another text, and when their concern is closed; `occasion` is that
-- decision, text or concern. It sees what the caller sees.
create function dfworx.late_askings(among uuid[])
returns table (organization_id uuid, decision_id uuid, asking_id uuid, occasion uuid)
language sql stable set search_path = ''
as $$
  select d.organization_id, d.id, a.id, last.occasion
  from dfworx.decisions d join dfworx.decision_askings a on a.decision_id = d.id
  cross join lateral (select asked.at, asked.occasion from (
      select a.created_at, d.id
      union all select r.created_at, r.id from dfworx.decision_revisions r
        where r.decision_id = d.id and r.version = d.version and d.version > 1
      union all select c.closed_at, c.id from dfworx.concerns c
        where c.decision_id = d.id and c.owner_id = a.membership_id and c.state <> 'open'
    ) asked (at, occasion) order by asked.at desc limit 1) last
  where d.id = any(among) and d.status in ('proposed', 'final_comment')
    and (a.reminded_at is null or a.reminded_at < last.at)
    and (last.at < now() - interval '2 days'
      or (d.comment_ends_at < now() + interval '1 day' and last.at < now() - interval '1 hour'))
    and not exists (select from dfworx.positions p
      where p.decision_id = d.id and p.membership_id = a.membership_id and p.version = d.version)
    and not exists (select from dfworx.concerns c
      where c.decision_id = d.id and c.owner_id = a.membership_id and c.state = 'open')
$$;
revoke execute on function dfworx.late_askings from public;
grant execute on function dfworx.late_askings to authenticated;

create or replace function dfworx.late_answers() returns table (organization_id uuid, decision_id uuid)
language sql stable security definer set search_path = ''
as $$
  select distinct l.organization_id, l.decision_id from dfworx.late_askings(
    array(select d.id from dfworx.decisions d where d.status in ('proposed', 'final_comment'))) l
  limit 200
$$;
drop index dfworx.decision_askings_decision_id_index;
