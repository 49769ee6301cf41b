create or replace function dfworx.guard_decision() returns trigger language plpgsql security definer set search_path = ''
as $$
declare
  answered integer; agree integer; disagree integer;
begin
  if old.number is not null and new.number is distinct from old.number then
    raise exception 'the number of a decision stays' using errcode = 'check_violation';
  end if;
  if old.number is not null and (new.is_anonymous, new.ballot) <> (old.is_anonymous, old.ballot) then
    raise exception 'how people answer stays' using errcode = 'check_violation';
  end if;
  if old.status <> new.status and (old.status, new.status) not in (
    ('draft', 'proposed'), ('draft', 'withdrawn'), ('proposed', 'final_comment'), ('final_comment', 'proposed'),
    ('final_comment', 'accepted'), ('proposed', 'rejected'), ('final_comment', 'rejected'), ('proposed', 'withdrawn'),
    ('final_comment', 'withdrawn'), ('accepted', 'superseded'), ('accepted', 'deprecated')) then
    raise exception 'a decision does not go from % to %', old.status, new.status using errcode = 'check_violation';
  end if;
  if old.status not in ('draft', 'proposed', 'final_comment') then
    if (new.title, new.context, new.drivers, new.options, new.chosen, new.outcome, new.consequences, new.confirmation,
        new.more, new.paths, new.consulted, new.informed) is distinct from (old.title, old.context, old.drivers, old.options, old.chosen, old.outcome,
        old.consequences, old.confirmation, old.more, old.paths, old.consulted, old.informed)
      and not exists (select from dfworx.decision_revisions r
        where r.decision_id = new.id and r.version = new.version and new.version = old.version + 1 and r.note <> '') then
      raise exception 'the text of a closed decision stays' using errcode = 'check_violation';
    end if;
    if (new.decider_id, new.quorum, new.share, new.proposed_at, new.closed_at)
      is distinct from (old.decider_id, old.quorum, old.share, old.proposed_at, old.closed_at) then
      raise exception 'how a decision was made stays' using errcode = 'check_violation';
    end if;
  end if;
  if new.status in ('final_comment', 'accepted') and new.status <> old.status then
    if exists (select from dfworx.concerns c where c.decision_id = new.id and c.state = 'open') then
      raise exception 'a concern is open' using errcode = 'check_violation';
    end if;
    select count(*), count(*) filter (where p.stand = 'agree'), count(*) filter (where p.stand = 'disagree')
      into answered, agree, disagree
      from (select distinct on (membership_id) * from dfworx.positions
            where decision_id = new.id and not is_late order by membership_id, id desc) p
      where p.version = new.version;
    if answered < new.quorum or not (new.share = 0 or (new.share = 100 and agree > 0 and disagree = 0)
      or (new.share < 100 and agree * 100 > new.share * (agree + disagree))) then
      raise exception 'a decision needs its quorum and its share' using errcode = 'check_violation';
    end if;
    if new.status = 'accepted' and (old.comment_ends_at is null or old.comment_ends_at > now()
        or new.comment_ends_at is distinct from old.comment_ends_at) then
      raise exception 'the final comment has not ended' using errcode = 'check_violation';
    end if;
  end if;
  return new;
end
$$;
alter table dfworx.decisions drop column channels;
