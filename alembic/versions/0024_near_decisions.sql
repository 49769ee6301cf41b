-- What is looked for when somebody asks what may be decided already. Nobody reads these tables but the function below.
create table dfworx.decision_terms (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  decision_id uuid not null references dfworx.decisions (id),
  terms tsvector not null,
  constraint decision_terms_decision_id_key unique (decision_id)
);
create index decision_terms_terms_index on dfworx.decision_terms using gin (terms);

-- Every term of an organization's decisions, so that one with a typing error is understood. Two who write at once may
-- store one twice: that is harmless, and nobody waits for anybody.
create table dfworx.known_terms (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  term character varying not null
);
create index known_terms_organization_id_term_index on dfworx.known_terms (organization_id, term);
create index known_terms_term_index on dfworx.known_terms using gin (term TRIGRAMS.gin_trgm_ops);

alter table dfworx.decision_terms enable row level security;
alter table dfworx.decision_terms force row level security;
alter table dfworx.known_terms enable row level security;
alter table dfworx.known_terms force row level security;

create function dfworx.keep_terms() returns trigger language plpgsql security definer set search_path = ''
as $$
declare
  found tsvector := dfworx.decision_words(new.title, new.chosen, new.drivers, new.outcome);
begin
  insert into dfworx.decision_terms (id, created_at, organization_id, decision_id, terms)
    values (gen_random_uuid(), now(), new.organization_id, new.id, found)
    on conflict (decision_id) do update set terms = excluded.terms;
  insert into dfworx.known_terms (id, created_at, organization_id, term)
    select gen_random_uuid(), now(), new.organization_id, t.term from unnest(tsvector_to_array(found)) t (term)
    where length(t.term) between 3 and 60
      and not exists (select from dfworx.known_terms k where k.organization_id = new.organization_id and k.term = t.term);
  return null;
end
$$;
create trigger keep_terms after insert or update of title, chosen, drivers, outcome on dfworx.decisions
  for each row execute function dfworx.keep_terms();

insert into dfworx.decision_terms (id, created_at, organization_id, decision_id, terms)
  select gen_random_uuid(), now(), organization_id, id, dfworx.decision_words(title, chosen, drivers, outcome)
  from dfworx.decisions;
insert into dfworx.known_terms (id, created_at, organization_id, term)
  select gen_random_uuid(), now(), organization_id, term from (
    select distinct d.organization_id, t.term from dfworx.decision_terms d, unnest(tsvector_to_array(d.terms)) t (term)
    where length(t.term) between 3 and 60) each_once;
drop index dfworx.decisions_words_index;  -- its terms are kept instead of made anew for each question

-- The decisions that the caller can see whose title, drivers and outcome are nearest to some words: the more of the words
-- and the closer together, the nearer. A word that stands in no decision is taken for the two terms that are most like it.
-- Text search is not leakproof, so the function judges itself who sees what.
create or replace function dfworx.similar_decisions(organization uuid, words text, most integer) returns setof uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  places uuid[] := dfworx.my_place_ids();
  query tsquery;
begin
  if organization <> all(dfworx.my_organization_ids()) then return; end if;
  with asked as (
    select a.term, exists (select from dfworx.known_terms k where k.organization_id = organization and k.term = a.term) as is_known
    from unnest(tsvector_to_array(to_tsvector('english', words))) a (term)
  ), meant as (
    select term from asked where is_known
    union
    select near.term from asked cross join lateral (
      select k.term from dfworx.known_terms k
      where k.organization_id = organization and k.term operator(TRIGRAMS.%) asked.term
      group by k.term order by TRIGRAMS.similarity(k.term, asked.term) desc, k.term limit 2) near
    where not asked.is_known and length(asked.term) between 4 and 60
  )
  select string_agg('''' || translate(term, '\''', '') || '''', ' | ')::tsquery into query from meant;
  if query is null then return; end if;
  return query
    select near.decision_id from (
      select d.decision_id from dfworx.decision_terms d where d.organization_id = organization and d.terms @@ query
      order by ts_rank_cd(d.terms, query, 1) desc, d.decision_id desc offset 0
    ) near
    where exists (select from dfworx.decisions d join dfworx.threads t on t.id = d.thread_id
      where d.id = near.decision_id and d.number is not null and t.place_id = any(places))
    limit most;
end
$$;
revoke execute on function dfworx.keep_terms from public;
revoke execute on function dfworx.decision_words from authenticated;

-- The mail of Mondays: who wants it, and when somebody got the last one. It begins at seven (UTC), and what was missed by
-- the end of the day is left out.
alter table dfworx.users add column gets_digest boolean not null default true;
grant update (gets_digest) on dfworx.users to authenticated;

create table dfworx.digests (
  id uuid primary key,
  created_at timestamptz not null,
  organization_id uuid not null references dfworx.organizations (id),
  membership_id uuid not null references dfworx.memberships (id),
  sent_at timestamptz not null,
  constraint digests_membership_id_key unique (membership_id)
);
alter table dfworx.digests enable row level security;
alter table dfworx.digests force row level security;

create function dfworx.due_digests(at timestamptz) returns table (organization_id uuid, membership_id uuid)
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

create function dfworx.take_digest(member uuid) returns boolean language plpgsql volatile security definer set search_path = ''
as $$
begin
  if not dfworx.am_system() then raise insufficient_privilege; end if;
  insert into dfworx.digests (id, created_at, organization_id, membership_id, sent_at)
    select gen_random_uuid(), now(), m.organization_id, m.id, now() from dfworx.memberships m
    where m.id = member and m.organization_id = any(dfworx.my_organization_ids())
    on conflict (membership_id) do update set sent_at = excluded.sent_at
      where digests.sent_at < excluded.sent_at - interval '3 days';
  return found;
end
$$;
revoke execute on function dfworx.due_digests, dfworx.take_digest from public;
grant execute on function dfworx.due_digests to dfworx_dispatcher;
grant execute on function dfworx.take_digest to authenticated;
