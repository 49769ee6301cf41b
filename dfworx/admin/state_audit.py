"""The audit on the screen, and where it can be taken away."""

import json
import re
from typing import Any, ClassVar
from urllib.parse import urlencode

import reflex as rx
from pydantic import BaseModel

from dfworx.audit import service as audit
from dfworx.audit.validators import AuditAsked
from dfworx.audit.views import AuditView
from dfworx.core.events import Event
from dfworx.infra.database import Tx
from dfworx.ui import times
from dfworx.ui.admin import base
from dfworx.ui.doors import action
from dfworx.ui.identity import caller
from dfworx.ui.table import Part, Row, Table

REFUSED = {"bad-credentials": "wrong password", "too-many": "too often", "not-found": "cannot see it"}


class AdminAudit(Table, rx.State):
    """Who did what to what, and what was refused."""

    copy: str = ""

    _asks: ClassVar[type[BaseModel]] = AuditAsked

    async def _fetch(self, tx: Tx, part: Part[AuditAsked]) -> tuple[list[Row], str]:
        page = await audit.page(tx, part.asked, part.after or None)
        return [audit_row(event, self.asked) for event in page.items], page.next or ""

    @action("operator")
    async def load(self) -> None:
        """Show what the address asks for."""
        here = caller.get()
        within = f"/organizations{here.home.removeprefix('/o')}" if here.path.startswith("/o/") else "/admin"
        await self._open()
        self.copy = f"/api/v1{within}/audit/export?{urlencode({**self.asked, 'format': ''})}"

    @action("operator")
    async def more(self) -> None:
        """Show what was before."""
        await self._grow()

    @action("operator")
    async def narrow(self, name: str, value: str) -> Any:
        """Ask for others."""
        return self._narrow(name, value)


def label_of(name: str) -> str:
    """An event in words; what was refused is named by its route or handler."""
    if name not in Event.registry:
        return name
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.rpartition(".")[2])
    return words[0] + words[1:].lower()


def audit_row(event: AuditView, asked: dict[str, str]) -> Row:
    """An event in words, with links that narrow to others like it."""
    details = json.dumps(event.details, indent=1, ensure_ascii=False) if event.details else ""
    refusal = str(event.details.get("refusal", ""))
    times_ = f" · {event.denied_times} times" if event.denied_times and event.denied_times > 1 else ""
    return {
        "id": str(event.id),
        "at": f"{event.created_at:%-d %b %Y, %H:%M:%S}",
        "at_full": times.full(event.created_at),
        "actor": event.actor or "somebody",
        "actor_to": _narrowed(asked, "user_id", event.user_id),
        "what": label_of(event.name),
        "what_to": _narrowed(asked, "name", event.name),
        "name": event.name,
        "denied": ((REFUSED.get(refusal) or refusal.replace("-", " ") or "no right") + times_)
        if event.denied_times
        else "",
        "about": str(event.about)[-12:] if event.about else "",
        "about_full": str(event.about or ""),
        "about_to": _narrowed(asked, "about", event.about),
        "organization": event.organization,
        "organization_to": _narrowed(asked, "organization_id", event.organization_id),
        "details": details,
    }


def _narrowed(asked: dict[str, str], name: str, value: Any) -> str:
    return f"{base()}/audit?{urlencode({**asked, name: str(value)})}" if value is not None else ""
