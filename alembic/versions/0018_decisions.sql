-- Decisions. Whoever sees a decision's thread sees the decision, and nobody else; its evidence says what it says only
-- to those who see the thread that it came from.
create table dfworx.decisions (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  thread_id uuid not null references dfworx.threads (id),
  source_thread_id uuid references dfworx.threads (id),
  created_by uuid not null references dfworx.memberships (id),
  number integer check (number > 0),
  status character varying not null check (status in
    ('draft', 'proposed', 'final_comment', 'accepted', 'rejected', 'withdrawn', 'superseded', 'deprecated')),
  version integer not null,
  title character varying not null,
  context text not null,
  drivers text not null,
  options jsonb not null,
  chosen character varying not null,
  outcome text not null,
  consequences text not null,
  confirmation text not null,
  more text not null,
  paths jsonb not null,
  review_on date,
  decider_id uuid references dfworx.memberships (id),
  quorum integer not null check (quorum >= 0),
  share integer not null check (share between 0 and 100),
  comment_hours integer not null check (comment_hours >= 0),
  is_business_days boolean not null,
  is_hidden boolean not null,
  is_anonymous boolean not null,
  ballot character varying not null check (ballot in ('', 'score', 'ranked')),
  consulted character varying not null,
  informed character varying not null,
  proposed_at timestamptz,
  comment_ends_at timestamptz,
  closed_at timestamptz,
  closing text not null,
  superseded_by uuid references dfworx.decisions (id),
  replaces jsonb not null,
  constraint decisions_organization_id_number_key unique (organization_id, number),
  check ((status in ('draft', 'withdrawn')) or number is not null),
  check ((status = 'final_comment') <= (comment_ends_at is not null)),
  check ((status = 'superseded') = (superseded_by is not null))
);
create unique index decisions_thread_id_key on dfworx.decisions (thread_id);
create index decisions_organization_id_status_index on dfworx.decisions (organization_id, status);
create index decisions_source_thread_id_index on dfworx.decisions (source_thread_id);
create index decisions_superseded_by_index on dfworx.decisions (superseded_by);
create index decisions_created_by_index on dfworx.decisions (created_by);
create index decisions_decider_id_index on dfworx.decisions (decider_id);
create index decisions_comment_ends_at_index on dfworx.decisions (comment_ends_at) where status = 'final_comment';

create table dfworx.decision_revisions (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  decision_id uuid not null references dfworx.decisions (id),
  version integer not null,
  content jsonb not null,
  written_by uuid not null references dfworx.memberships (id),
  note text not null,
  constraint decision_revisions_decision_id_version_key unique (decision_id, version)
);
create index decision_revisions_written_by_index on dfworx.decision_revisions (written_by);

create table dfworx.decision_askings (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  decision_id uuid not null references dfworx.decisions (id),
  membership_id uuid not null references dfworx.memberships (id),
  reminded_at timestamptz,
  constraint decision_askings_decision_id_membership_id_key unique (decision_id, membership_id)
);
create index decision_askings_membership_id_index on dfworx.decision_askings (membership_id);

create table dfworx.positions (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  decision_id uuid not null references dfworx.decisions (id),
  membership_id uuid not null references dfworx.memberships (id),
  version integer not null,
  stand character varying not null check (stand in ('agree', 'abstain', 'disagree')),
  reason text not null,
  is_late boolean not null,
  check (stand <> 'disagree' or reason <> '')
);
create index positions_decision_id_membership_id_id_index on dfworx.positions (decision_id, membership_id, id);
create index positions_membership_id_index on dfworx.positions (membership_id);

create table dfworx.ballots (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  decision_id uuid not null references dfworx.decisions (id),
  membership_id uuid not null references dfworx.memberships (id),
  version integer not null,
  choices jsonb not null
);
create index ballots_decision_id_membership_id_id_index on dfworx.ballots (decision_id, membership_id, id);
create index ballots_membership_id_index on dfworx.ballots (membership_id);

create table dfworx.concerns (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  decision_id uuid not null references dfworx.decisions (id),
  owner_id uuid not null references dfworx.memberships (id),
  title character varying not null,
  source text not null,
  html text not null,
  state character varying not null check (state in ('open', 'withdrawn', 'resolved')),
  closed_at timestamptz,
  closed_by uuid references dfworx.memberships (id),
  reason text not null,
  check ((state = 'open') = (closed_at is null))
);
create index concerns_decision_id_index on dfworx.concerns (decision_id);
create index concerns_owner_id_index on dfworx.concerns (owner_id);
create index concerns_closed_by_index on dfworx.concerns (closed_by);

create table dfworx.evidence (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  decision_id uuid not null references dfworx.decisions (id),
  message_id uuid not null references dfworx.messages (id),
  position integer not null,
  constraint evidence_decision_id_message_id_key unique (decision_id, message_id)
);
create index evidence_message_id_index on dfworx.evidence (message_id);

create table dfworx.evidence_snapshots (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  evidence_id uuid not null references dfworx.evidence (id),
  thread_id uuid not null references dfworx.threads (id),
  author_id uuid not null references dfworx.memberships (id),
  seq integer not null,
  revision integer not null,
  written_at timestamptz not null,
  source text not null,
  html text not null,
  constraint evidence_snapshots_evidence_id_key unique (evidence_id)
);
create index evidence_snapshots_thread_id_index on dfworx.evidence_snapshots (thread_id);
create index evidence_snapshots_author_id_index on dfworx.evidence_snapshots (author_id);

create table dfworx.citations (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  message_id uuid not null references dfworx.messages (id) on delete cascade,
  number integer not null,
  constraint citations_message_id_number_key unique (message_id, number)
);
create index citations_organization_id_number_index on dfworx.citations (organization_id, number);

create table dfworx.decision_citations (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  decision_id uuid not null references dfworx.decisions (id),
  number integer not null,
  constraint decision_citations_decision_id_number_key unique (decision_id, number)
);
create index decision_citations_organization_id_number_index on dfworx.decision_citations (organization_id, number);

create table dfworx.stale_marks (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  because_id uuid not null references dfworx.decisions (id),
  decision_id uuid references dfworx.decisions (id),
  thread_id uuid references dfworx.threads (id),
  cleared_at timestamptz,
  cleared_by uuid references dfworx.memberships (id),
  constraint stale_marks_because_id_decision_id_key unique (because_id, decision_id),
  constraint stale_marks_because_id_thread_id_key unique (because_id, thread_id),
  check (num_nonnulls(decision_id, thread_id) = 1)
);
create index stale_marks_decision_id_index on dfworx.stale_marks (decision_id);
create index stale_marks_thread_id_index on dfworx.stale_marks (thread_id);
create index stale_marks_cleared_by_index on dfworx.stale_marks (cleared_by);

create table dfworx.decision_history (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  decision_id uuid not null references dfworx.decisions (id),
  changed_at timestamptz not null,
  state jsonb not null
);
create index decision_history_decision_id_created_at_index
  on dfworx.decision_history (decision_id, created_at);
create index decision_history_organization_id_created_at_index
  on dfworx.decision_history (organization_id, created_at);

create table dfworx.registers (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  numbers integer not null,
  entries integer not null,
  head character varying not null,
  constraint registers_organization_id_key unique (organization_id)
);

create table dfworx.ledger (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  position integer not null,
  decision_id uuid not null references dfworx.decisions (id),
  happened character varying not null,
  record text not null,
  previous character varying not null,
  digest character varying not null,
  constraint ledger_organization_id_position_key unique (organization_id, position)
);
create index ledger_decision_id_index on dfworx.ledger (decision_id);

do $$
declare t text;
begin
  foreach t in array array['decisions', 'decision_revisions', 'decision_askings', 'positions', 'ballots', 'concerns', 'evidence',
    'evidence_snapshots', 'citations', 'decision_citations', 'stale_marks', 'decision_history', 'registers',
    'ledger'] loop
    execute format('alter table dfworx.%I enable row level security', t);
    execute format('alter table dfworx.%I force row level security', t);
    execute format('create policy tenant on dfworx.%I to authenticated
      using (organization_id = any((select dfworx.my_organization_ids())::uuid[]))
      with check (organization_id = any((select dfworx.my_organization_ids())::uuid[]))', t);
  end loop;
  foreach t in array array['decision_revisions', 'decision_askings', 'positions', 'ballots', 'concerns', 'evidence',
    'decision_citations', 'decision_history', 'ledger'] loop
    execute format('create policy visible on dfworx.%1$I as restrictive to authenticated
      using (exists (select from dfworx.decisions d where d.id = decision_id))
      with check (exists (select from dfworx.decisions d
        where d.id = decision_id and d.organization_id = %1$I.organization_id))', t);
  end loop;
end
$$;

create policy visible on dfworx.decisions as restrictive to authenticated
  using (exists (select from dfworx.threads t where t.id = thread_id))
  with check (exists (select from dfworx.threads t where t.id = thread_id and t.organization_id = decisions.organization_id));
create policy own on dfworx.decisions as restrictive for insert to authenticated
  with check (created_by = any((select dfworx.my_membership_ids())::uuid[]) or (select dfworx.am_system()));
create policy own on dfworx.decision_revisions as restrictive for insert to authenticated
  with check (written_by = any((select dfworx.my_membership_ids())::uuid[]) or (select dfworx.am_system()));
create policy own on dfworx.positions as restrictive for insert to authenticated
  with check (membership_id = any((select dfworx.my_membership_ids())::uuid[]));
create policy own on dfworx.ballots as restrictive for insert to authenticated
  with check (membership_id = any((select dfworx.my_membership_ids())::uuid[]));
create policy own on dfworx.concerns as restrictive for insert to authenticated
  with check (owner_id = any((select dfworx.my_membership_ids())::uuid[]));
create policy visible on dfworx.evidence_snapshots as restrictive to authenticated
  using (exists (select from dfworx.threads t where t.id = thread_id))
  with check (exists (select from dfworx.threads t
      where t.id = thread_id and t.organization_id = evidence_snapshots.organization_id)
    and exists (select from dfworx.evidence e
      where e.id = evidence_id and e.organization_id = evidence_snapshots.organization_id));
create policy visible on dfworx.citations as restrictive to authenticated
  using (exists (select from dfworx.messages m where m.id = message_id))
  with check (exists (select from dfworx.messages m
    where m.id = message_id and m.organization_id = citations.organization_id));

-- A mark is seen with what it marks, and by the system, which sets it.
create policy visible on dfworx.stale_marks as restrictive to authenticated
  using (case when thread_id is not null then exists (select from dfworx.threads t where t.id = thread_id)
    else exists (select from dfworx.decisions d where d.id = decision_id) end)
  with check (exists (select from dfworx.threads t where t.id = thread_id and t.organization_id = stale_marks.organization_id)
    or exists (select from dfworx.decisions d where d.id = decision_id and d.organization_id = stale_marks.organization_id));
create policy system on dfworx.stale_marks as restrictive for insert to authenticated
  with check ((select dfworx.am_system()));

grant select, insert, update (number, status, version, title, context, drivers, options, chosen, outcome, consequences,
    confirmation, more, paths, review_on, decider_id, quorum, share, comment_hours, is_business_days,
    is_hidden, is_anonymous, ballot, consulted, informed, proposed_at,
    comment_ends_at, closed_at, closing, superseded_by, replaces)
  on dfworx.decisions to authenticated;
grant select, insert on dfworx.decision_revisions, dfworx.positions, dfworx.ballots, dfworx.evidence, dfworx.evidence_snapshots,
  dfworx.ledger to authenticated;
grant select, insert, update (reminded_at) on dfworx.decision_askings to authenticated;
grant select, insert, update (state, closed_at, closed_by, reason) on dfworx.concerns to authenticated;
grant select, insert, delete on dfworx.citations, dfworx.decision_citations to authenticated;
grant select, insert, update (cleared_at, cleared_by) on dfworx.stale_marks to authenticated;
grant select on dfworx.decision_history to authenticated;
grant select, insert, update (numbers, entries, head) on dfworx.registers to authenticated;

-- The state machine once more, below everything that could go round the service. It sees what the caller does not.
create function dfworx.guard_decision() returns trigger language plpgsql security definer set search_path = ''
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
create trigger guard_decision before update on dfworx.decisions
  for each row execute function dfworx.guard_decision();

-- A decision begins as a draft: nothing is born accepted.
create function dfworx.guard_new_decision() returns trigger language plpgsql set search_path = ''
as $$
begin
  if new.status <> 'draft' or new.number is not null then
    raise exception 'a decision begins as a draft' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger guard_new_decision before insert on dfworx.decisions
  for each row execute function dfworx.guard_new_decision();

-- Every state that a decision ever had, kept by the database itself: nobody can leave one out.
create function dfworx.keep_history() returns trigger language plpgsql security definer set search_path = ''
as $$
begin
  insert into dfworx.decision_history (id, created_at, changed_at, organization_id, decision_id, state)
    values (gen_random_uuid(), now(), clock_timestamp(), new.organization_id, new.id, to_jsonb(new));
  return null;
end
$$;
create trigger keep_history after insert or update on dfworx.decisions
  for each row execute function dfworx.keep_history();

-- Numbers and entries only grow, one at a time; the head is that of the last entry.
create function dfworx.guard_register() returns trigger language plpgsql security definer set search_path = ''
as $$
begin
  if new.numbers not in (old.numbers, old.numbers + 1) or new.entries not in (old.entries, old.entries + 1)
    or (new.entries = old.entries and new.head <> old.head)
    or (new.entries > old.entries and new.head is distinct from (select l.digest from dfworx.ledger l
      where l.organization_id = new.organization_id and l.position = new.entries)) then
    raise exception 'a register only grows' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger guard_register before update on dfworx.registers
  for each row execute function dfworx.guard_register();

create function dfworx.decision_words(title character varying, chosen character varying, drivers text, outcome text)
returns tsvector language sql immutable set search_path = ''
as $$
  select setweight(to_tsvector('english', title), 'A')
    || setweight(to_tsvector('english', chosen || ' ' || drivers || ' ' || outcome), 'C')
$$;
create index decisions_words_index on dfworx.decisions using gin (dfworx.decision_words(title, chosen, drivers, outcome));

-- The decisions that the caller can see whose title, drivers and outcome are nearest to some words: the more of the words,
-- the rarer and the closer together, the nearer. Text search is not leakproof, so the function judges itself who sees what.
create function dfworx.similar_decisions(organization uuid, words text, most integer) returns setof uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  places uuid[] := dfworx.my_place_ids();
  query tsquery := (select to_tsquery('english', string_agg(quote_literal(lexeme), ' | '))
                    from unnest(tsvector_to_array(to_tsvector('english', words))) lexeme);
begin
  if query is null or organization <> all(dfworx.my_organization_ids()) then return; end if;
  return query
    select d.id from dfworx.decisions d join dfworx.threads t on t.id = d.thread_id
    where d.organization_id = organization and t.place_id = any(places) and d.number is not null
      and dfworx.decision_words(d.title, d.chosen, d.drivers, d.outcome) @@ query
    order by ts_rank_cd(dfworx.decision_words(d.title, d.chosen, d.drivers, d.outcome), query, 1) desc, d.id desc
    limit most;
end
$$;

-- Which final comments have ended, by the clock of the database: for the worker, which acts in each organization.
create function dfworx.ended_comments() returns table (organization_id uuid, decision_id uuid)
language sql stable security definer set search_path = ''
as $$
  select d.organization_id, d.id from dfworx.decisions d
  where d.status = 'final_comment' and d.comment_ends_at <= now() order by d.comment_ends_at limit 200
$$;

-- Which open proposals have somebody to remind: asked two days ago, or less than a day before the end, and not reminded yet.
create function dfworx.late_answers() returns table (organization_id uuid, decision_id uuid)
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
revoke execute on function dfworx.guard_decision, dfworx.guard_new_decision, dfworx.guard_register,
  dfworx.keep_history, dfworx.ended_comments, dfworx.late_answers, dfworx.similar_decisions, dfworx.decision_words from public;
grant execute on function dfworx.similar_decisions, dfworx.decision_words to authenticated;
grant execute on function dfworx.ended_comments, dfworx.late_answers to dfworx_dispatcher;
