"""What may be asked of the figures."""

from typing import Literal

from dfworx.accounts.validators import Incoming

Span = Literal["hour", "day", "month"]


class FiguresAsked(Incoming):
    """Which time: the last hour, the last day, the last 30 days."""

    span: Span = "day"
