"""Organizations and invitations over REST, for those who look after them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from dfworx.admin import service_organizations as organizations
from dfworx.admin.validators import InvitationsAsked, OrganizationsAsked
from dfworx.admin.views import InvitationsPage, OrganizationRow, OrganizationsPage
from dfworx.organizations.validators import OrganizationChange, RoleChange
from dfworx.organizations.views import MembershipView
from dfworx.web.transactions import InTx, PersonTx

router = APIRouter(tags=["admin"])
server = APIRouter(prefix="/admin")
inside = APIRouter(prefix="/organizations/{organization}/admin")

Invitations = Annotated[InvitationsAsked, Query()]


@server.get("/organizations")
async def list_all_organizations(
    tx: PersonTx, asked: Annotated[OrganizationsAsked, Query()], after: UUID | None = None
) -> OrganizationsPage:
    """Every organization in numbers, by name."""
    return await organizations.page(tx, asked, after)


@server.get("/organizations/{organization_id}")
async def get_any_organization(organization_id: UUID, tx: PersonTx) -> OrganizationRow:
    """One organization in numbers."""
    return await organizations.get(tx, organization_id)


@server.patch("/organizations/{organization_id}")
async def rename_any_organization(organization_id: UUID, change: OrganizationChange, tx: PersonTx) -> OrganizationRow:
    """Give an organization another name."""
    return await organizations.rename(tx, organization_id, change)


@server.patch("/memberships/{membership_id}")
async def change_any_role(membership_id: UUID, change: RoleChange, tx: PersonTx) -> MembershipView:
    """Give a member of any organization another role."""
    return await organizations.change_role(tx, membership_id, change)


@server.get("/invitations")
async def list_all_invitations(tx: PersonTx, asked: Invitations, before: str | None = None) -> InvitationsPage:
    """Every invitation, the newest first."""
    return await organizations.invitations(tx, asked, before)


@server.delete("/invitations/{invitation_id}", status_code=204)
async def revoke_any_invitation(invitation_id: UUID, tx: PersonTx) -> None:
    """Make a link useless."""
    await organizations.revoke_invitation(tx, invitation_id)


@inside.get("/invitations")
async def page_of_invitations(tx: InTx, asked: Invitations, before: str | None = None) -> InvitationsPage:
    """The invitations of the organization with who made them, the newest first."""
    return await organizations.invitations(tx, asked, before)


router.include_router(server)
router.include_router(inside)
