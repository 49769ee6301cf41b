create or replace function dfworx.late_answers() returns table (organization_id uuid, decision_id uuid)
language sql stable security definer set search_path = ''
as $$
  select distinct d.organization_id, d.id from dfworx.decisions d join dfworx.decision_askings a on a.decision_id = d.id
  where d.status in ('proposed', 'final_comment') and a.reminded_at is null
    and (a.created_at < now() - interval '2 days'
      or (d.comment_ends_at < now() + interval '1 day' and a.created_at < now() - interval '1 hour'))
    and not exists (select from dfworx.positions p
      where p.decision_id = d.id and p.membership_id = a.membership_id and p.version = d.version)
  limit 200
$$;

create or replace function dfworx.due_digests(at timestamptz) returns table (organization_id uuid, membership_id uuid)
language sql stable security definer set search_path = ''
as $$
  select m.organization_id, m.id
  from (select date_trunc('week', at at time zone 'UTC') at time zone 'UTC' + interval '7 hours' as monday) w
    join dfworx.memberships m on m.created_at < w.monday and m.left_at is null
    join dfworx.users u on u.id = m.user_id and u.deactivated_at is null and u.gets_digest
  where at >= w.monday and at < w.monday + interval '17 hours'
    and not exists (select from dfworx.digests s where s.membership_id = m.id and s.sent_at >= w.monday)
    and (exists (select from dfworx.decision_askings a join dfworx.decisions d on d.id = a.decision_id
        where a.membership_id = m.id and d.status in ('proposed', 'final_comment')
          and not exists (select from dfworx.positions p
            where p.decision_id = d.id and p.membership_id = m.id and p.version = d.version))
      or exists (select from dfworx.decisions d where d.decider_id = m.id
        and ((d.status = 'accepted' and d.review_on <= at::date)
          or exists (select from dfworx.stale_marks k where k.decision_id = d.id and k.cleared_at is null)
          or (d.status in ('proposed', 'final_comment')
            and exists (select from dfworx.concerns c where c.decision_id = d.id and c.state = 'open')))))
  order by m.id desc limit 200
$$;

create or replace function dfworx.guard_kept() returns trigger language plpgsql security definer set search_path = ''
as $$
declare
  is_text boolean := tg_op = 'INSERT' or new.version <> old.version;
begin
  if is_text and not exists (select from dfworx.decision_revisions r
      where r.decision_id = new.id and r.version = new.version and dfworx.is_said(r.content, new)) then
    raise exception 'every text is kept' using errcode = 'check_violation';
  end if;
  if new.status in ('accepted', 'rejected', 'superseded', 'deprecated') and (is_text or new.status <> old.status)
    and not exists (select from dfworx.ledger l where l.decision_id = new.id
      and l.record::jsonb -> 'record' @> jsonb_build_object('status', new.status, 'version', new.version)) then
    raise exception 'what is decided stands in the ledger' using errcode = 'check_violation';
  end if;
  return null;
end
$$;
