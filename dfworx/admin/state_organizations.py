"""Organizations and invitations on the screen of whoever looks after them."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx
from pydantic import BaseModel, ValidationError

from dfworx.admin import service_organizations as organizations
from dfworx.admin.validators import InvitationsAsked, OrganizationsAsked
from dfworx.admin.views import InvitationRow, OrganizationRow
from dfworx.core.errors import Refusal
from dfworx.infra.database import Tx
from dfworx.organizations.validators import OrganizationChange
from dfworx.ui import times
from dfworx.ui.admin import base
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.forms import said, typed
from dfworx.ui.table import Part, Row, Table

TONES = {"open": "ok", "revoked": "stop"}


class AdminOrganizations(Table, rx.State):
    """Every organization in numbers, and the dialog for another name."""

    renaming: str = ""
    name: str = ""
    name_problem: str = ""

    _asks: ClassVar[type[BaseModel]] = OrganizationsAsked

    async def _fetch(self, tx: Tx, part: Part[OrganizationsAsked]) -> tuple[list[Row], str]:
        page = await organizations.page(tx, part.asked, UUID(part.after) if part.after else None)
        return [_organization(each, tx.now) for each in page.items], str(page.next or "")

    @action("server")
    async def load(self) -> None:
        """Show those that the address asks for."""
        await self._open()

    @action("server")
    async def more(self) -> None:
        """Show the following ones."""
        await self._grow()

    @action("server")
    async def narrow(self, name: str, value: str) -> Any:
        """Ask for others."""
        return self._narrow(name, value)

    @action("server")
    async def ask(self, organization_id: str, name: str) -> None:
        """Ask for another name."""
        self.renaming, self.name, self.name_problem = str(UUID(organization_id)), str(name), ""

    @action("server")
    async def set_asking(self, is_asking: bool) -> None:
        """The dialog closed itself."""
        self.renaming = self.renaming if is_asking else ""

    @action("server")
    async def close(self) -> None:
        """Close the dialog."""
        self.renaming = ""

    @action("server")
    async def rename(self, form: dict[str, Any]) -> Any:
        """Give it the other name."""
        try:
            async with acting(self) as tx:
                renamed = await organizations.rename(tx, UUID(self.renaming), typed(OrganizationChange, form))
        except (ValidationError, Refusal) as error:
            self.name_problem = said(error)
            return None
        self.rows = [{**row, "name": renamed.name} if row["id"] == self.renaming else row for row in self.rows]
        self.renaming = ""
        return toast(f"It is called {renamed.name} now.")


class AdminInvitations(Table, rx.State):
    """Links to join, those too that do not work any more."""

    _asks: ClassVar[type[BaseModel]] = InvitationsAsked

    async def _fetch(self, tx: Tx, part: Part[InvitationsAsked]) -> tuple[list[Row], str]:
        page = await organizations.invitations(tx, part.asked, part.after or None)
        return [_invitation(each, tx.now) for each in page.items], page.next or ""

    @action("operator")
    async def load(self) -> None:
        """Show those that the address asks for."""
        await self._open()

    @action("operator")
    async def more(self) -> None:
        """Show the following ones."""
        await self._grow()

    @action("operator")
    async def narrow(self, name: str, value: str) -> Any:
        """Ask for others."""
        return self._narrow(name, value)

    @action("operator")
    async def revoke(self, invitation_id: str) -> Any:
        """Make a link useless."""
        async with acting(self) as tx:
            await organizations.revoke_invitation(tx, UUID(invitation_id))
        gone = {"state": "revoked", "tone": "stop", "is_open": ""}
        self.rows = [{**row, **gone} if row["id"] == invitation_id else row for row in self.rows]
        return toast("The link does not work any more.")


def _organization(organization: OrganizationRow, now: datetime) -> Row:
    return {
        "id": str(organization.id),
        "name": organization.name,
        "slug": organization.slug,
        "initial": organization.name[:1].upper(),
        "owners": ", ".join(organization.owners),
        "people": f"{organization.people:,}",
        "people_href": f"{base()}/people?organization_id={organization.id}",
        "messages": f"{organization.messages:,}",
        "last": times.ago(organization.last_message_at, now) if organization.last_message_at else "never",
        "last_full": times.full(organization.last_message_at) if organization.last_message_at else "",
        "since": times.day(organization.created_at),
        "since_full": times.full(organization.created_at),
    }


def _invitation(invitation: InvitationRow, now: datetime) -> Row:
    is_past = invitation.expires_at <= now
    return {
        "id": str(invitation.id),
        "organization": invitation.organization,
        "role": invitation.role.value,
        "email": invitation.email,
        "creator": invitation.creator or "",
        "made": times.ago(invitation.created_at, now),
        "made_full": times.full(invitation.created_at),
        "uses": f"{invitation.uses} of {invitation.max_uses}",
        "ends": times.ago(invitation.expires_at, now) if is_past else times.ahead(invitation.expires_at, now),
        "ends_full": times.full(invitation.expires_at),
        "state": invitation.state,
        "tone": TONES.get(invitation.state, ""),
        "is_open": "yes" if invitation.state == "open" else "",
    }
