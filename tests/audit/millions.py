"""An audit of many events: a few people did most of it, in a year, in one organization among several."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

FILL = text(
    """insert into dfworx.audit_events
         (id, created_at, organization_id, user_id, membership_id, name, about, details, denied_times)
       select gen_random_uuid(), now() - make_interval(secs => 31 * (:many - n)),
         case when n % 10 < 8 then cast(:organization as uuid) when n % 10 = 8 then cast(:other as uuid) end,
         (cast(:users as uuid[]))[1 + (n % 997) * (n % 991) % least(1 + n % 40, cardinality(cast(:users as uuid[])))],
         null,
         case when n % 50 = 0 then 'PATCH /organizations/{organization}' else (cast(:names as text[]))[1 + n % 20] end,
         ('00000000-0000-4000-8000-' || lpad(to_hex(n % 20000), 12, '0'))::uuid,
         '{"is_made_up": true}', case when n % 50 = 0 then 1 + n % 7 end
       from generate_series(1, :many) n"""
)
NAMES = [f"tests.Thing{n}" for n in range(19)] + ["tests.Rare"]
ABOUT = "00000000-0000-4000-8000-0000000000ff"


def fill(connection: Connection, many: int, organization: UUID, other: UUID, users: Sequence[UUID]) -> None:
    """Let `many` things happen; the indexes are made anew at the end, which takes a tenth of the time."""
    found = text(
        "select indexname, indexdef from pg_indexes"
        " where tablename = 'audit_events' and schemaname = 'dfworx' and indexname not like '%_pkey'"
    )
    indexes = connection.execute(found).all()
    for name, _ in indexes:
        connection.exec_driver_sql(f"drop index dfworx.{name}")
    values = {"many": many, "organization": organization, "other": other, "users": list(users), "names": NAMES}
    connection.execute(FILL, values)
    for _, definition in indexes:
        connection.exec_driver_sql(definition)
    connection.exec_driver_sql("analyze dfworx.audit_events")


def questions(user: UUID, *, on_server: bool) -> Iterator[dict[str, Any]]:
    """Every combination of filters that the page offers."""
    offered: dict[str, tuple[Any, ...]] = {
        "user_id": (None, str(user)),
        "about": (None, ABOUT),
        "name": (None, "tests.Thing3", "PATCH /organizations/{organization}"),
        "outcome": (None, "denied"),
        "since": (None, "2020-01-01"),
    }
    if on_server:
        offered["organization_id"] = (None, "organization")
    for values in product(*offered.values()):
        yield {name: value for name, value in zip(offered, values, strict=True) if value is not None}
