"""Times for people: how long ago, or until when; the full date belongs into the hover."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil, floor

STEPS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))
FAR = timedelta(days=60)


def ago(at: datetime, now: datetime) -> str:
    """Such as “3 hours ago”; a date when it is long ago."""
    past = now - at
    return day(at) if past > FAR else _said(past, "{} ago", "just now")


def ahead(at: datetime, now: datetime) -> str:
    """Such as “in 3 days”."""
    return _said(at - now, "in {}", "in a moment", ceil)


def day(at: datetime) -> str:
    """Such as “4 May 2026”."""
    return f"{at:%-d %b %Y}"


def full(at: datetime) -> str:
    """The date and time with its zone."""
    return f"{at:%A, %-d %B %Y, %H:%M} UTC"


def _said(span: timedelta, form: str, at_once: str, whole: Callable[[float], int] = floor) -> str:
    seconds = span.total_seconds()
    for length, unit in STEPS:
        if seconds >= length:
            number = whole(seconds / length)
            return form.format(f"{number} {unit}{'s' if number > 1 else ''}")
    return at_once
