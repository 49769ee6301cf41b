"""What the audit announces."""

from typing import Any

from dfworx.core.events import Event


class AuditExported(Event):
    """Somebody took a copy of the audit."""

    asked: dict[str, Any]
