"""Organizations and invitations, as administrators see them."""

from dataclasses import replace
from uuid import UUID

from dfworx.admin.repository_organizations import AllInvitations, AllOrganizations
from dfworx.admin.service_scope import scope
from dfworx.admin.validators import InvitationsAsked, OrganizationsAsked
from dfworx.admin.views import InvitationRow, InvitationsPage, OrganizationRow, OrganizationsPage
from dfworx.core.errors import NotFound
from dfworx.core.pagination import cursor, read_cursor
from dfworx.core.permissions import Role, ServerVerb, Verb
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations
from dfworx.organizations.events import InvitationRevoked, OrganizationRenamed, RoleChanged
from dfworx.organizations.validators import OrganizationChange, RoleChange
from dfworx.organizations.views import InvitationView, MembershipView, OrganizationView

PAGE = 50


async def page(tx: Tx, asked: OrganizationsAsked, after: UUID | None = None) -> OrganizationsPage:
    """A part of the organizations, by name."""
    tx.actor.must_on_server(ServerVerb.SEE_ORGANIZATIONS)
    rows = await AllOrganizations(tx).page(asked.q, after, PAGE + 1)
    items = [OrganizationRow.of(row) for row in rows[:PAGE]]
    return OrganizationsPage(items=items, next=items[-1].id if len(rows) > PAGE else None)


async def get(tx: Tx, organization_id: UUID) -> OrganizationRow:
    """One organization in numbers."""
    tx.actor.must_on_server(ServerVerb.SEE_ORGANIZATIONS)
    row = await AllOrganizations(tx).find(organization_id)
    if row is None:
        raise NotFound
    return OrganizationRow.of(row)


async def rename(tx: Tx, organization_id: UUID, change: OrganizationChange) -> OrganizationRow:
    """Give an organization another name; its addresses stay."""
    tx.actor.must_on_server(ServerVerb.RENAME_ORGANIZATION)
    was = await AllOrganizations(tx).rename(organization_id, change.name)
    if was is None:
        raise NotFound
    row = await get(tx, organization_id)
    _concern(tx, organization_id)
    view = OrganizationView(id=row.id, slug=row.slug, name=row.name, role=Role.SYSTEM)
    tx.emit(OrganizationRenamed(organization=view, was=was))
    return row


async def change_role(tx: Tx, membership_id: UUID, change: RoleChange) -> MembershipView:
    """Give a member another role: of the own organization, or of any; each keeps an owner."""
    if tx.actor.organization_id is not None:
        return await organizations.change_role(tx, membership_id, change)
    tx.actor.must_on_server(ServerVerb.CHANGE_ROLE)
    row = await AllOrganizations(tx).set_role(membership_id, change.role)
    if row is None:
        raise NotFound
    member = MembershipView(
        id=row.id, organization_id=row.organization_id, user_id=row.user_id, name=row.name, role=change.role,
        is_placeholder=False, joined_at=row.created_at, left_at=None,
    )  # fmt: skip
    _concern(tx, row.organization_id)
    if row.was != change.role:
        tx.emit(RoleChanged(member=member, was=Role(row.was)))
    return member


async def invitations(tx: Tx, asked: InvitationsAsked, before: str | None = None) -> InvitationsPage:
    """A part of the invitations, the newest first."""
    within = scope(tx, Verb.LIST_INVITATIONS, ServerVerb.MANAGE_INVITATIONS)
    rows = await AllInvitations(tx, within).page(asked.state, read_cursor(before), PAGE + 1)
    items = [InvitationRow.of(row, tx.now) for row in rows[:PAGE]]
    last = items[-1] if len(rows) > PAGE else None
    return InvitationsPage(items=items, next=last and cursor(last.created_at, last.id))


async def revoke_invitation(tx: Tx, invitation_id: UUID) -> None:
    """Make a link useless; doing it twice changes nothing."""
    if scope(tx, Verb.INVITE, ServerVerb.MANAGE_INVITATIONS) is not None:
        await organizations.revoke_invitation(tx, invitation_id)
        return
    row = await AllInvitations(tx, None).find(invitation_id)
    if row is None:
        raise NotFound
    _concern(tx, row.organization_id)
    if await AllInvitations(tx, None).revoke(invitation_id):
        known = InvitationRow.of(row, tx.now).model_dump(exclude={"revoked_at"})
        tx.emit(InvitationRevoked(invitation=InvitationView(**known, revoked_at=tx.now, is_valid=False)))


def _concern(tx: Tx, organization_id: UUID) -> None:
    """What happens now is told and audited in the organization that it happens to."""
    tx.actor = replace(tx.actor, organization_id=organization_id)
