-- What the services refuse of deciding is refused here, too: for a login that goes round them with somebody's claims.

-- Whether this is what a decision says, as it stands in its revisions and in the ledger; what was added to options later counts
-- for nothing, and so do channels where there are none.
create function dfworx.is_said(said jsonb, d dfworx.decisions) returns boolean language sql stable set search_path = ''
as $$
  select coalesce(said @> jsonb_build_object('title', d.title, 'context', d.context, 'drivers', d.drivers, 'options', d.options,
      'chosen', d.chosen, 'outcome', d.outcome, 'consequences', d.consequences, 'confirmation', d.confirmation, 'more', d.more,
      'consulted', d.consulted, 'informed', d.informed, 'review_on', d.review_on)
    and jsonb_array_length(said -> 'options') = jsonb_array_length(d.options) and said -> 'paths' = d.paths
    and coalesce(said -> 'channels', '[]') = d.channels, false)
$$;

-- What may become of a decision, whoever asks.
create or replace function dfworx.guard_decision() returns trigger language plpgsql security definer set search_path = ''
as $$
declare
  is_step boolean := old.status <> new.status;
  is_closed boolean := old.status not in ('draft', 'proposed', 'final_comment');
  is_written boolean := (new.title, new.context, new.drivers, new.options, new.chosen, new.outcome, new.consequences,
      new.confirmation, new.more, new.paths, new.channels, new.consulted, new.informed)
    is distinct from (old.title, old.context, old.drivers, old.options, old.chosen, old.outcome, old.consequences,
      old.confirmation, old.more, old.paths, old.channels, old.consulted, old.informed);
  ends boolean := is_step and new.status in ('accepted', 'rejected', 'withdrawn');
  is_blocked boolean; is_enough boolean; answered integer; agree integer; disagree integer;
begin
  if is_step and (old.status, new.status) not in (
    ('draft', 'proposed'), ('draft', 'withdrawn'), ('proposed', 'final_comment'), ('final_comment', 'proposed'),
    ('final_comment', 'accepted'), ('proposed', 'rejected'), ('final_comment', 'rejected'), ('proposed', 'withdrawn'),
    ('final_comment', 'withdrawn'), ('accepted', 'superseded'), ('accepted', 'deprecated')) then
    raise exception 'a decision does not go from % to %', old.status, new.status using errcode = 'check_violation';
  end if;
  if is_closed and is_written and not exists (select from dfworx.decision_revisions r
      where r.decision_id = new.id and r.version = new.version and new.version = old.version + 1 and r.note <> '') then
    raise exception 'the text of a closed decision stays' using errcode = 'check_violation';
  end if;
  if new.version not in (old.version, old.version + 1) or (is_written and new.version = old.version) then
    raise exception 'another text is the next version' using errcode = 'check_violation';
  end if;
  if new.number is distinct from old.number and (old.status = 'draft' and new.status = 'proposed' and old.number is null
      and new.number = (select r.numbers from dfworx.registers r where r.organization_id = new.organization_id)) is not true then
    raise exception 'a number is given at the proposal, by the register, and stays' using errcode = 'check_violation';
  end if;
  if old.status <> 'draft' and (new.decider_id, new.quorum, new.share, new.comment_hours, new.is_business_days, new.is_hidden,
      new.is_anonymous, new.ballot, new.replaces, new.proposed_at)
    is distinct from (old.decider_id, old.quorum, old.share, old.comment_hours, old.is_business_days, old.is_hidden,
      old.is_anonymous, old.ballot, old.replaces, old.proposed_at) then
    raise exception 'how a decision is made stays' using errcode = 'check_violation';
  end if;
  if new.decider_id is distinct from old.decider_id and not exists (select from dfworx.memberships m
      where m.id = new.decider_id and m.organization_id = new.organization_id) then
    raise exception 'a member decides' using errcode = 'check_violation';
  end if;
  if (not ends and new.closed_at is distinct from old.closed_at)
    or (not ends and not (is_step and new.status = 'deprecated') and new.closing <> old.closing)
    or (not is_step and new.superseded_by is distinct from old.superseded_by) then
    raise exception 'how a decision ended stays' using errcode = 'check_violation';
  end if;
  if is_step and new.status = 'superseded' and not exists (select from dfworx.decisions s
      where s.id = new.superseded_by and s.id <> new.id and s.organization_id = new.organization_id
        and s.status in ('accepted', 'superseded', 'deprecated')) then
    raise exception 'only what was accepted takes the place of another' using errcode = 'check_violation';
  end if;
  if is_step and (new.status in ('final_comment', 'accepted') or (old.status, new.status) = ('final_comment', 'proposed')) then
    is_blocked := exists (select from dfworx.concerns c where c.decision_id = new.id and c.state = 'open');
    select count(*), count(*) filter (where p.stand = 'agree'), count(*) filter (where p.stand = 'disagree')
      into answered, agree, disagree
      from (select distinct on (membership_id) * from dfworx.positions
            where decision_id = new.id and not is_late order by membership_id, id desc) p
      where p.version = new.version;
    is_enough := answered >= new.quorum and (new.share = 0 or (new.share = 100 and agree > 0 and disagree = 0)
      or (new.share < 100 and agree * 100 > new.share * (agree + disagree)));
    if new.status <> 'proposed' and is_blocked then
      raise exception 'a concern is open' using errcode = 'check_violation';
    end if;
    if new.status <> 'proposed' and not is_enough then
      raise exception 'a decision needs its quorum and its share' using errcode = 'check_violation';
    end if;
    if new.status = 'proposed' and is_enough and not is_blocked and new.version = old.version then
      raise exception 'nothing stops the final comment' using errcode = 'check_violation';
    end if;
  end if;
  if is_step and new.status = 'final_comment'
    and (new.comment_ends_at >= now() + make_interval(hours => new.comment_hours)) is not true then
    raise exception 'a final comment lasts as long as was said' using errcode = 'check_violation';
  end if;
  if is_step and new.status = 'accepted' and (old.comment_ends_at is null or old.comment_ends_at > now()
      or new.comment_ends_at is distinct from old.comment_ends_at) then
    raise exception 'the final comment has not ended' using errcode = 'check_violation';
  end if;
  return new;
end
$$;

-- Who may do it. It sees what the caller sees. Without claims nothing is true: there are no rows then.
create function dfworx.guard_decider() returns trigger language plpgsql set search_path = ''
as $$
declare
  mine uuid[] := dfworx.my_membership_ids();
  moderates boolean := new.organization_id = any(dfworx.my_organization_ids_as('owner', 'admin', 'moderator'));
  belongs boolean := moderates or new.organization_id = any(dfworx.my_organization_ids_as('member'));
  drafted boolean := moderates or (belongs and old.created_by = any(mine));
  decides boolean := moderates or (belongs and coalesce(old.decider_id = any(mine), false));
begin
  if (not dfworx.is_said(to_jsonb(old), new) or new.version <> old.version) and not (case
      when old.status = 'draft' then belongs when old.status in ('proposed', 'final_comment') then drafted or decides
      else decides end) then
    raise exception 'this text is written by others' using errcode = 'insufficient_privilege';
  end if;
  if not drafted and old.status = 'draft' and (new.status <> 'draft'
    or (new.decider_id, new.quorum, new.share, new.comment_hours, new.is_business_days, new.is_hidden, new.is_anonymous,
        new.ballot, new.replaces, new.proposed_at)
      is distinct from (old.decider_id, old.quorum, old.share, old.comment_hours, old.is_business_days, old.is_hidden,
        old.is_anonymous, old.ballot, old.replaces, old.proposed_at)) then
    raise exception 'whoever drafted a decision proposes it' using errcode = 'insufficient_privilege';
  end if;
  if new.replaces <> old.replaces and exists (select from jsonb_array_elements_text(new.replaces) r (id)
      where not exists (select from dfworx.decisions d where d.id = r.id::uuid
        and d.organization_id = new.organization_id and d.status = 'accepted'
        and (moderates or (belongs and d.decider_id = any(mine))))) then
    raise exception 'a decision takes the place of what holds and is one''s own to decide' using errcode = 'insufficient_privilege';
  end if;
  if new.status <> old.status and not (case when new.status in ('accepted', 'superseded') then dfworx.am_system()
      when new.status in ('rejected', 'deprecated') then decides when new.status = 'withdrawn' then drafted
      else true end) then
    raise exception 'a decision is ended by whoever may' using errcode = 'insufficient_privilege';
  end if;
  if new.comment_ends_at is distinct from old.comment_ends_at
    and (new.status = old.status or new.status not in ('proposed', 'final_comment')) then
    raise exception 'a final comment ends when it was said' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger guard_decider before update on dfworx.decisions
  for each row when (current_user = 'authenticated') execute function dfworx.guard_decider();

-- A draft is born without a past. What an import of the system actor brings in has one.
create or replace function dfworx.guard_new_decision() returns trigger language plpgsql set search_path = ''
as $$
begin
  if new.origin is not null and not dfworx.am_system() then
    raise exception 'only an import says where a decision came from' using errcode = 'check_violation';
  end if;
  if new.origin is null and (new.status <> 'draft' or new.number is not null or new.version <> 1 or new.replaces <> '[]'
      or new.closing <> '' or num_nonnulls(new.proposed_at, new.comment_ends_at, new.closed_at) > 0) then
    raise exception 'a decision begins as a draft' using errcode = 'check_violation';
  end if;
  if new.status = 'final_comment' then
    raise exception 'a final comment begins here' using errcode = 'check_violation';
  end if;
  return new;
end
$$;

-- At the end of the transaction: every text is kept as a revision, and what is decided stands in the ledger as it is.
create function dfworx.guard_kept() returns trigger language plpgsql security definer set search_path = ''
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
create constraint trigger guard_kept after insert or update on dfworx.decisions deferrable initially deferred
  for each row when (current_user = 'authenticated') execute function dfworx.guard_kept();

-- Nobody keeps a text for a version that does not come.
create function dfworx.guard_revision() returns trigger language plpgsql security definer set search_path = ''
as $$
begin
  if not exists (select from dfworx.decisions d where d.id = new.decision_id and d.version >= new.version) then
    raise exception 'a decision has every text that is kept' using errcode = 'check_violation';
  end if;
  return null;
end
$$;
create constraint trigger guard_revision after insert on dfworx.decision_revisions deferrable initially deferred
  for each row when (current_user = 'authenticated') execute function dfworx.guard_revision();

-- A register begins with nothing; each number that it counts is a decision's at the end of the transaction.
create function dfworx.guard_new_register() returns trigger language plpgsql set search_path = ''
as $$
begin
  if (new.numbers, new.entries, new.head) <> (0, 0, repeat('0', 64)) then
    raise exception 'a register begins empty' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger guard_new_register before insert on dfworx.registers
  for each row when (current_user = 'authenticated') execute function dfworx.guard_new_register();

create function dfworx.guard_number() returns trigger language plpgsql security definer set search_path = ''
as $$
begin
  if not exists (select from dfworx.decisions d
      where d.organization_id = new.organization_id and d.number = new.numbers) then
    raise exception 'a number is given to a decision' using errcode = 'check_violation';
  end if;
  return null;
end
$$;
create constraint trigger guard_number after update on dfworx.registers deferrable initially deferred
  for each row when (current_user = 'authenticated' and new.numbers <> old.numbers) execute function dfworx.guard_number();

-- An entry is the next link, says what its decision is, and says it once; the register counts it in the same transaction.
create function dfworx.guard_entry() returns trigger language plpgsql security definer set search_path = ''
as $$
declare
  r dfworx.registers; d dfworx.decisions;
  said jsonb := new.record::jsonb;
begin
  select * into r from dfworx.registers where organization_id = new.organization_id;
  select * into d from dfworx.decisions where id = new.decision_id and organization_id = new.organization_id;
  if (new.position, new.previous, new.digest) is distinct from
    (r.entries + 1, r.head, encode(sha256(convert_to(r.head || E'\n' || new.record, 'UTF8')), 'hex')) then
    raise exception 'an entry follows the one before' using errcode = 'check_violation';
  end if;
  if (said ->> 'happened' = new.happened and d.status in ('accepted', 'rejected', 'superseded', 'deprecated')
      and case when new.happened in ('accepted', 'rejected', 'superseded', 'deprecated') then new.happened = d.status
        else new.happened <> 'imported' or d.origin is not null end
      and dfworx.is_said(said -> 'record', d)
      and said -> 'record' @> jsonb_build_object('number', d.number, 'status', d.status, 'version', d.version,
        'decider_id', d.decider_id, 'closing', d.closing, 'superseded_by', d.superseded_by,
        'rule', jsonb_build_object('quorum', d.quorum, 'share', d.share, 'comment_hours', d.comment_hours,
          'is_business_days', d.is_business_days, 'is_hidden', d.is_hidden, 'is_anonymous', d.is_anonymous,
          'ballot', d.ballot))) is not true then
    raise exception 'an entry says what its decision is' using errcode = 'check_violation';
  end if;
  if said -> 'record' = (select l.record::jsonb -> 'record' from dfworx.ledger l where l.decision_id = new.decision_id
      order by l.position desc limit 1) then
    raise exception 'nothing is recorded twice' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger guard_entry before insert on dfworx.ledger
  for each row when (current_user = 'authenticated') execute function dfworx.guard_entry();

create function dfworx.guard_counted() returns trigger language plpgsql security definer set search_path = ''
as $$
begin
  if not exists (select from dfworx.registers r
      where r.organization_id = new.organization_id and r.entries >= new.position) then
    raise exception 'the register counts every entry' using errcode = 'check_violation';
  end if;
  return null;
end
$$;
create constraint trigger guard_counted after insert on dfworx.ledger deferrable initially deferred
  for each row when (current_user = 'authenticated') execute function dfworx.guard_counted();

revoke execute on function dfworx.is_said, dfworx.guard_decider, dfworx.guard_kept, dfworx.guard_revision,
  dfworx.guard_new_register, dfworx.guard_number, dfworx.guard_entry, dfworx.guard_counted from public;
grant execute on function dfworx.is_said to authenticated;

-- Members draft and count; guests do not. The same for tags.
create policy members_insert on dfworx.decisions as restrictive for insert to authenticated
  with check (organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator', 'member'))::uuid[]));
create policy members_insert on dfworx.registers as restrictive for insert to authenticated
  with check (organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator', 'member'))::uuid[]));
create policy members_update on dfworx.registers as restrictive for update to authenticated
  using (organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator', 'member'))::uuid[]));
create policy members_insert on dfworx.taggings as restrictive for insert to authenticated
  with check (organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator', 'member'))::uuid[]));
create policy members_delete on dfworx.taggings as restrictive for delete to authenticated
  using (organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator', 'member'))::uuid[]));

-- Who may write a decision keeps its texts, says whom it names, and clears what its text no longer rests on.
do $$
declare
  writes text := $writes$exists (select from dfworx.decisions d where d.id = decision_id and (
      d.organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[])
      or (d.organization_id = any((select dfworx.my_organization_ids_as('member'))::uuid[])
        and (d.status = 'draft' or d.decider_id = any((select dfworx.my_membership_ids())::uuid[])
          or (d.status in ('proposed', 'final_comment')
            and d.created_by = any((select dfworx.my_membership_ids())::uuid[]))))))$writes$;
begin
  execute 'create policy writers on dfworx.decision_revisions as restrictive for insert to authenticated with check (' || writes || ')';
  execute 'create policy writers_insert on dfworx.decision_citations as restrictive for insert to authenticated
    with check (' || writes || ')';
  execute 'create policy writers_delete on dfworx.decision_citations as restrictive for delete to authenticated
    using (' || writes || ')';
  execute 'create policy writers on dfworx.stale_marks as restrictive for update to authenticated
    using (cleared_at is null and case when thread_id is not null
      then organization_id = any((select dfworx.my_organization_ids_as(''owner'', ''admin'', ''moderator'', ''member''))::uuid[])
      else ' || writes || ' end)
    with check (cleared_at is null or cleared_by = any((select dfworx.my_membership_ids())::uuid[])
      or (select dfworx.am_system()))';
end
$$;

-- Whoever drafts says who is asked and what it comes from, before it is proposed. The system reminds.
create policy drafters on dfworx.decision_askings as restrictive for insert to authenticated
  with check (exists (select from dfworx.decisions d where d.id = decision_id and d.status = 'draft'
    and (d.created_by = any((select dfworx.my_membership_ids())::uuid[])
      or d.organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[]))));
create policy system on dfworx.decision_askings as restrictive for update to authenticated
  using ((select dfworx.am_system()));
create policy drafters on dfworx.evidence as restrictive for insert to authenticated
  with check (exists (select from dfworx.messages m where m.id = message_id and m.organization_id = evidence.organization_id)
    and exists (select from dfworx.decisions d where d.id = decision_id and d.status = 'draft'
      and (d.created_by = any((select dfworx.my_membership_ids())::uuid[])
        or d.organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[]))));

-- A snapshot says what its message says at that moment; the author may be the member who an imported one is.
create policy true_words on dfworx.evidence_snapshots as restrictive for insert to authenticated
  with check (exists (select from dfworx.evidence e join dfworx.messages m on m.id = e.message_id
    where e.id = evidence_id and m.deleted_at is null
      and (m.thread_id, m.seq, m.revision, m.created_at, m.source, m.html)
        = (evidence_snapshots.thread_id, evidence_snapshots.seq, evidence_snapshots.revision, evidence_snapshots.written_at,
          evidence_snapshots.source, evidence_snapshots.html)
      and (m.author_id = evidence_snapshots.author_id or exists (select from dfworx.memberships a
        where a.id = m.author_id and a.claimed_by = evidence_snapshots.author_id))));

-- Who is asked answers: on the text as it stands, and late when it is over.
create policy asked on dfworx.positions as restrictive for insert to authenticated
  with check (exists (select from dfworx.decisions d where d.id = decision_id
      and (d.version = positions.version or (positions.is_late and positions.version < d.version))
      and d.number is not null and d.status <> 'withdrawn'
      and positions.is_late = (d.status not in ('proposed', 'final_comment')))
    and (not exists (select from dfworx.decision_askings a where a.decision_id = positions.decision_id)
      or exists (select from dfworx.decision_askings a
        where a.decision_id = positions.decision_id and a.membership_id = positions.membership_id)));
create policy asked on dfworx.ballots as restrictive for insert to authenticated
  with check (exists (select from dfworx.decisions d where d.id = decision_id and d.version = ballots.version
      and d.status in ('proposed', 'final_comment'))
    and (not exists (select from dfworx.decision_askings a where a.decision_id = ballots.decision_id)
      or exists (select from dfworx.decision_askings a
        where a.decision_id = ballots.decision_id and a.membership_id = ballots.membership_id)));

-- A concern is raised open; its owner withdraws it, whoever decides resolves it, each in their own name, and so it stays.
create policy raised on dfworx.concerns as restrictive for insert to authenticated
  with check (state = 'open' and closed_by is null and reason = ''
    and exists (select from dfworx.decisions d where d.id = decision_id and d.status in ('proposed', 'final_comment')));
create policy closers on dfworx.concerns as restrictive for update to authenticated
  using (state = 'open' and (owner_id = any((select dfworx.my_membership_ids())::uuid[])
    or exists (select from dfworx.decisions d where d.id = decision_id
      and (d.organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[])
        or (d.organization_id = any((select dfworx.my_organization_ids_as('member'))::uuid[])
          and d.decider_id = any((select dfworx.my_membership_ids())::uuid[]))))))
  with check ((state = 'open' and closed_by is null and reason = '')
    or (closed_by = any((select dfworx.my_membership_ids())::uuid[]) and reason <> ''
      and exists (select from dfworx.decisions d where d.id = decision_id and d.status in ('draft', 'proposed', 'final_comment')
        and case state when 'withdrawn' then owner_id = any((select dfworx.my_membership_ids())::uuid[])
          else d.organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[])
            or (d.organization_id = any((select dfworx.my_organization_ids_as('member'))::uuid[])
              and d.decider_id = any((select dfworx.my_membership_ids())::uuid[])) end)));

-- What a message names is said by its author, by moderators, and by the system.
do $$
declare
  authors text := $authors$exists (select from dfworx.messages m where m.id = message_id
    and (m.author_id = any((select dfworx.my_author_ids())::uuid[])
      or m.organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[])))$authors$;
begin
  execute 'create policy authors_insert on dfworx.citations as restrictive for insert to authenticated with check (' || authors || ')';
  execute 'create policy authors_delete on dfworx.citations as restrictive for delete to authenticated using (' || authors || ')';
end
$$;

-- The system records what it accepts and brings in, and what is superseded by that; whoever decides the rest.
create policy recorders on dfworx.ledger as restrictive for insert to authenticated
  with check ((select dfworx.am_system()) or (happened not in ('accepted', 'superseded', 'imported')
    and exists (select from dfworx.decisions d where d.id = decision_id
      and (d.organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin', 'moderator'))::uuid[])
        or (d.organization_id = any((select dfworx.my_organization_ids_as('member'))::uuid[])
          and d.decider_id = any((select dfworx.my_membership_ids())::uuid[]))))));
