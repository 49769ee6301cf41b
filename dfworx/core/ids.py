"""Identifiers: UUIDv7 (RFC 9562), made in Python because Postgres 15 to 17 cannot."""

from uuid import UUID

from uuid6 import uuid7

from dfworx.core.errors import NotFound


def new_id() -> UUID:
    """A time-ordered identifier: later ones sort after earlier ones."""
    return UUID(int=uuid7().int)


def read_id(value: object) -> UUID:
    """The identifier that a page or a caller names; anything else does not exist."""
    try:
        return UUID(str(value))
    except ValueError:
        raise NotFound from None
