-- What operators look at: why a job failed, settings that were changed while the server ran, and the figures of the past.

-- procrastinate keeps that a job failed, and not why.
create table jobs.failures (
  job_id bigint primary key references jobs.procrastinate_jobs (id) on delete cascade,
  at timestamptz not null,
  error text not null
);
grant select, insert, update on jobs.failures to dfworx_dispatcher;

-- Settings that the server's administrators changed; none of them is a secret, and every process reads them.
create table dfworx.changed_settings (
  name character varying primary key,
  value text not null,
  changed_at timestamptz not null,
  changed_by uuid references dfworx.users (id)
);
alter table dfworx.changed_settings enable row level security;
alter table dfworx.changed_settings force row level security;
create policy everybody on dfworx.changed_settings for select to anon, authenticated using (true);
create policy server_admins on dfworx.changed_settings to authenticated
  using ((select dfworx.am_server_admin())) with check ((select dfworx.am_server_admin()));
grant select on dfworx.changed_settings to anon, authenticated;
grant insert, update, delete on dfworx.changed_settings to authenticated;

-- The figures of the server: each minute for a day and a bit, each hour for a month.
create table dfworx.samples (
  step character varying not null check (step in ('minute', 'hour')),
  at timestamptz not null,
  source character varying not null,
  people integer not null,
  messages bigint not null,
  sockets integer not null,
  requests integer not null,
  errors integer not null,
  p50_ms real,
  p95_ms real,
  waiting integer not null,
  dead integer not null,
  outbox integer not null,
  disk_used real not null,
  primary key (step, at, source)
);
alter table dfworx.samples enable row level security;
alter table dfworx.samples force row level security;
create policy server_admins on dfworx.samples for select to authenticated using ((select dfworx.am_server_admin()));
create policy worker on dfworx.samples to dfworx_dispatcher using (true) with check (true);
grant select on dfworx.samples to authenticated;
grant select, insert, update, delete on dfworx.samples to dfworx_dispatcher;

-- How many people and messages there are; for the worker, which sees neither.
create function dfworx.totals() returns table (people bigint, messages bigint)
language sql stable security definer set search_path = ''
as $$
  select (select count(*) from dfworx.users where deactivated_at is null),
    (select coalesce(sum(last_seq), 0)::bigint from dfworx.threads)
$$;
revoke execute on function dfworx.totals from public;
grant execute on function dfworx.totals to dfworx_dispatcher;
