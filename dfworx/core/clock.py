"""The one source of the time: UTC, aware, replaceable in tests."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)
