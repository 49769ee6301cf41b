"""The SQL of the figures over time."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from dfworx.infra.database import Tx

# Several machines write their own row; then several rows make one piece of the chart.
SERVER = text(
    """with together as (
         select at, max(people) as people, max(messages) as messages, sum(sockets) as sockets,
           sum(requests) as requests, sum(errors) as errors, sum(p50_ms * requests) as p50,
           sum(p95_ms * requests) as p95, sum(requests) filter (where p50_ms is not null) as timed,
           max(waiting) as waiting, max(dead) as dead,
           max(outbox) as outbox, max(disk_used) as disk_used
         from dfworx.samples where step = :step and at >= :since group by at)
       select date_bin(:each, at, timestamptz '2000-01-01 00:00Z') as at, max(people) as people,
         max(messages) as messages, round(avg(sockets))::int as sockets, sum(requests)::int as requests,
         sum(errors)::int as errors,
         sum(p50) / nullif(sum(timed), 0) as p50_ms, sum(p95) / nullif(sum(timed), 0) as p95_ms,
         max(waiting) as waiting, max(dead) as dead, max(outbox) as outbox, max(disk_used) as disk_used
       from together group by 1 order by 1"""
)
# Row-level security decides which messages count.
ORGANIZATION = text(
    """with days as (
         select generate_series(date_trunc('day', cast(:now as timestamptz), 'UTC') - interval '29 days',
           date_trunc('day', cast(:now as timestamptz), 'UTC'), interval '1 day') as at),
       written as (
         select date_trunc('day', created_at, 'UTC') as at, count(*) as many from dfworx.messages
         where organization_id = :organization and created_at >= (select min(at) from days) group by 1),
       stays as (
         select created_at, coalesce(left_at, 'infinity') as until from dfworx.memberships
         where organization_id = :organization and user_id is not null)
       select d.at, coalesce(w.many, 0) as messages,
         (select count(*) from stays s
          where s.created_at < d.at + interval '1 day' and s.until >= d.at + interval '1 day') as people
       from days d left join written w using (at) order by d.at"""
)


class Figures:
    """What was, piece by piece, the oldest first."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx

    async def of_server(self, step: str, ago: timedelta, each: timedelta) -> Sequence[Any]:
        """The server since a while ago, in pieces of `each`."""
        values = {"step": step, "since": self.tx.now - ago, "each": each}
        return await self.tx.rows(SERVER, values)

    async def of_organization(self) -> Sequence[Any]:
        """The organization's last 30 days."""
        values = {"organization": self.tx.actor.organization, "now": self.tx.now}
        return await self.tx.rows(ORGANIZATION, values)
