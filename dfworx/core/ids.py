"""Identifiers: UUIDv7 (RFC 9562), made in Python because Postgres 15 to 17 cannot."""

from uuid import UUID

from uuid6 import uuid7


def new_id() -> UUID:
    """A time-ordered identifier: later ones sort after earlier ones."""
    return UUID(int=uuid7().int)
