"""Tables of the server as a whole: no row belongs to an organization. The ground reads and writes them by text."""

from sqlalchemy import REAL, TIMESTAMP, BigInteger, CheckConstraint, Column, ForeignKey, Integer, String, Table, Text

from dfworx.infra.tables import metadata


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


changed_settings = Table(
    "changed_settings",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
    Column("changed_at", TIMESTAMP(timezone=True), nullable=False),
    Column("changed_by", ForeignKey("users.id")),
)

samples = Table(
    "samples",
    metadata,
    Column("step", String, CheckConstraint("step in ('minute', 'hour')"), primary_key=True),
    Column("at", TIMESTAMP(timezone=True), primary_key=True),
    Column("source", String, primary_key=True),
    _count("people"),
    Column("messages", BigInteger, nullable=False),
    *[_count(name) for name in ("sockets", "requests", "errors")],
    Column("p50_ms", REAL),
    Column("p95_ms", REAL),
    *[_count(name) for name in ("waiting", "dead", "outbox")],
    Column("disk_used", REAL, nullable=False),
)
