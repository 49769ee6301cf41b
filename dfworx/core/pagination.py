"""Keyset pages: a cursor names the last row seen, so that a page costs the same wherever it lies."""

import base64
import binascii
from datetime import datetime
from uuid import UUID

from dfworx.core.errors import Invalid


def cursor(at: datetime, id_: UUID) -> str:
    """An opaque cursor for a (time, id) keyset."""
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{id_}".encode()).decode()


def read_cursor(value: str | None) -> tuple[datetime, UUID] | None:
    """The keyset that a cursor stands for; a damaged one is Invalid."""
    if not value:
        return None
    try:
        at, id_ = base64.urlsafe_b64decode(value.encode()).decode().split("|")
        return datetime.fromisoformat(at), UUID(id_)
    except (ValueError, binascii.Error):
        raise Invalid(fields={"cursor": "is damaged"}) from None
