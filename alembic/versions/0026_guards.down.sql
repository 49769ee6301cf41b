drop policy members_insert on dfworx.decisions;
drop policy members_insert on dfworx.registers;
drop policy members_update on dfworx.registers;
drop policy members_insert on dfworx.taggings;
drop policy members_delete on dfworx.taggings;
drop policy writers on dfworx.decision_revisions;
drop policy writers_insert on dfworx.decision_citations;
drop policy writers_delete on dfworx.decision_citations;
drop policy writers on dfworx.stale_marks;
drop policy drafters on dfworx.decision_askings;
drop policy system on dfworx.decision_askings;
drop policy drafters on dfworx.evidence;
drop policy true_words on dfworx.evidence_snapshots;
drop policy asked on dfworx.positions;
drop policy asked on dfworx.ballots;
drop policy raised on dfworx.concerns;
drop policy closers on dfworx.concerns;
drop policy authors_insert on dfworx.citations;
drop policy authors_delete on dfworx.citations;
drop policy recorders on dfworx.ledger;
drop trigger guard_decider on dfworx.decisions;
drop trigger guard_kept on dfworx.decisions;
drop trigger guard_revision on dfworx.decision_revisions;
drop trigger guard_new_register on dfworx.registers;
drop trigger guard_number on dfworx.registers;
drop trigger guard_entry on dfworx.ledger;
drop trigger guard_counted on dfworx.ledger;

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
        new.more, new.paths, new.channels, new.consulted, new.informed) is distinct from (old.title, old.context, old.drivers, old.options,
        old.chosen, old.outcome, old.consequences, old.confirmation, old.more, old.paths, old.channels, old.consulted, old.informed)
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

create or replace function dfworx.guard_new_decision() returns trigger language plpgsql set search_path = ''
as $$
begin
  if new.origin is not null and not dfworx.am_system() then
    raise exception 'only an import says where a decision came from' using errcode = 'check_violation';
  end if;
  if (new.status <> 'draft' or new.number is not null) and new.origin is null then
    raise exception 'a decision begins as a draft' using errcode = 'check_violation';
  end if;
  if new.status = 'final_comment' then
    raise exception 'a final comment begins here' using errcode = 'check_violation';
  end if;
  return new;
end
$$;

drop function dfworx.guard_decider, dfworx.guard_kept, dfworx.guard_revision, dfworx.guard_new_register, dfworx.guard_number,
  dfworx.guard_entry, dfworx.guard_counted, dfworx.is_said;
