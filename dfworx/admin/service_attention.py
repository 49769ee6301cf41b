"""What needs somebody: on the server whatever the doctor finds, too; each with what to do, and where."""

from typing import Any
from uuid import UUID

from dfworx.admin import service_health as health
from dfworx.admin.repository_attention import attention
from dfworx.admin.service_scope import scope
from dfworx.admin.views_health import FindingView
from dfworx.core.permissions import ServerVerb, Verb
from dfworx.infra.database import Tx
from dfworx.infra.settings import settings
from dfworx.organizations import service as organizations


async def page(tx: Tx) -> list[FindingView]:
    """All of it, in the organization of the address or on the whole server."""
    within = scope(tx, Verb.ADMINISTER, ServerVerb.SEE_HEALTH)
    found = await health.attention(tx) if within is None else []
    home = "/admin" if within is None else f"/o/{(await organizations.get(tx)).slug}/admin"
    rows = await attention(tx, within)
    failed = [_failed(row, within, home) for row in rows if row.kind == "imports"]
    # Without mail nobody could confirm an address.
    waiting = [_unconfirmed(row.many, home) for row in rows if row.kind == "addresses" and settings().smtp_url]
    return [*found, *failed, *waiting]


def _failed(row: Any, within: UUID | None, home: str) -> FindingView:
    says = "an import has failed" if row.many == 1 else f"{row.many:,} imports have failed"
    if within is not None:
        do, link = "see why; try again or discard", f"{home}/imports"
    else:
        do = "its owners and admins see why, try again or discard"
        link = f"{home}/people?organization_id={row.organization_id}&role=owner"
    return FindingView(about=f"imports of {row.organization}", level="warn", says=says, do=do, link=link)


def _unconfirmed(many: int, home: str) -> FindingView:
    of = "the address of an account was" if many == 1 else f"the addresses of {many:,} accounts were"
    return FindingView(
        about="e-mail addresses",
        level="warn",
        says=f"{of} not confirmed for more than a week",
        do="ask whether the address is right; deactivate what nobody uses",
        link=f"{home}/people?state=unconfirmed",
    )
