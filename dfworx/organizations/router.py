"""Organizations over REST, the first run and registration, and their native forms."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response
from starlette.responses import RedirectResponse

from dfworx.accounts import service as accounts
from dfworx.accounts.views import AccountView, ResetLink, SetupView, SignedIn
from dfworx.core.actor import Device
from dfworx.infra.settings import settings
from dfworx.organizations import service as organizations
from dfworx.organizations import service_arriving as arriving
from dfworx.organizations import service_claims as claims
from dfworx.organizations.validators import (
    Claimed,
    Joining,
    NewInvitation,
    NewOrganization,
    OrganizationChange,
    RoleChange,
    SetUp,
)
from dfworx.organizations.views import (
    InvitationLink,
    InvitationPreview,
    InvitationView,
    MemberPage,
    MembershipView,
    OrganizationView,
)
from dfworx.web import identity, limits
from dfworx.web.forms import Next, posted, see
from dfworx.web.identity import From
from dfworx.web.transactions import Anybody, AnyTx, InTx, PersonTx

router = APIRouter(tags=["organizations"])
inside = APIRouter(prefix="/organizations/{organization}")
forms = APIRouter(prefix="/auth", include_in_schema=False)

Token = Annotated[str, Path(max_length=100)]


# -- the ways in


@router.get("/setup")
async def get_setup(tx: AnyTx) -> SetupView:
    """Whether the first account is still to be made."""
    return await accounts.setup(tx)


@router.post("/setup", status_code=201)
async def set_up(form: SetUp, _: Anybody, device: From, response: Response) -> OrganizationView:
    """Make the first account and its organization; the answer carries the session's cookie."""
    founded = await arriving.set_up(form, device)
    identity.remember(response, founded.session)
    return founded.organization


@router.post("/accounts", status_code=201)
async def register(form: Joining, _: Anybody, device: From, response: Response) -> AccountView:
    """Make an account; the answer is the same when the address has one already, and its session is then nobody's."""
    session = await _register(form, device)
    identity.remember(response, session)
    return session.account


@router.get("/invitations/{token}")
async def look_at_invitation(token: Token, tx: AnyTx) -> InvitationPreview:
    """Where an invitation leads."""
    return await arriving.look(tx, token)


@router.put("/invitations/{token}/acceptance")
async def accept_invitation(token: Token, tx: PersonTx) -> OrganizationView:
    """Join by an invitation; joining twice changes nothing."""
    return await arriving.accept(tx, token)


@forms.post("/setup")
async def post_setup(_: Anybody, device: From, form: Annotated[SetUp, posted(SetUp)]) -> RedirectResponse:
    """Make the first account and go to its organization."""
    founded = await arriving.set_up(form, device)
    answer = see(f"/o/{founded.organization.slug}")
    identity.remember(answer, founded.session)
    return answer


@forms.post("/register")
async def post_register(
    _: Anybody, device: From, page: Next, form: Annotated[Joining, posted(Joining)]
) -> RedirectResponse:
    """Make an account and go on."""
    answer = see(page or "/")
    identity.remember(answer, await _register(form, device))
    return answer


async def _register(form: Joining, device: Device) -> SignedIn:
    await limits.spend(settings().rate_register_address, "registrations from", device.address)
    return await arriving.register(form, device)


# -- organizations


@router.post("/organizations", status_code=201)
async def create_organization(new: NewOrganization, tx: PersonTx) -> OrganizationView:
    """Found an organization as its owner."""
    return await organizations.create(tx, new)


@router.get("/organizations")
async def list_organizations(tx: PersonTx) -> list[OrganizationView]:
    """The organizations that you belong to."""
    return await organizations.mine(tx)


@inside.get("")
async def get_organization(tx: InTx) -> OrganizationView:
    """One organization."""
    return await organizations.get(tx)


@inside.patch("")
async def rename_organization(change: OrganizationChange, tx: InTx) -> OrganizationView:
    """Give it another name; its addresses stay."""
    return await organizations.rename(tx, change)


# -- members


@inside.get("/members")
async def list_members(tx: InTx, after: UUID | None = None, *, everyone: bool = False) -> MemberPage:
    """The members by name, a hundred at a time."""
    return await organizations.members(tx, after, everyone=everyone)


@inside.delete("/members/me", status_code=204)
async def leave(tx: InTx) -> None:
    """Leave the organization."""
    await organizations.leave(tx)


@inside.get("/presence")
async def online_members(tx: InTx) -> list[UUID]:
    """The memberships of those who are online."""
    return await organizations.online(tx)


@inside.get("/members/{membership_id}")
async def get_member(membership_id: UUID, tx: InTx) -> MembershipView:
    """One member or author."""
    return await organizations.member(tx, membership_id)


@inside.patch("/members/{membership_id}")
async def change_role(membership_id: UUID, change: RoleChange, tx: InTx) -> MembershipView:
    """Give a member another role."""
    return await organizations.change_role(tx, membership_id, change)


@inside.delete("/members/{membership_id}", status_code=204)
async def remove_member(membership_id: UUID, tx: InTx) -> None:
    """Take a member out of the organization."""
    await organizations.remove(tx, membership_id)


@inside.post("/members/{membership_id}/reset-link", status_code=201)
async def issue_reset_link(membership_id: UUID, tx: InTx) -> ResetLink:
    """Make a link with which the member takes another password; it is shown this once."""
    return await organizations.issue_reset_link(tx, membership_id)


# -- imported authors


@inside.get("/authors")
async def list_imported_authors(tx: InTx, after: UUID | None = None) -> MemberPage:
    """Imported authors by name, a hundred at a time; who they are, and who says so."""
    return await claims.imported(tx, after)


@inside.put("/members/{membership_id}/claim")
async def claim_author(membership_id: UUID, tx: InTx) -> MembershipView:
    """Say that an imported author was you; an owner or admin decides."""
    return await claims.claim(tx, membership_id)


@inside.delete("/members/{membership_id}/claim")
async def end_claim(membership_id: UUID, tx: InTx) -> MembershipView:
    """Take your claim back; owners and admins decline it, or undo it."""
    return await claims.end(tx, membership_id)


@inside.put("/members/{membership_id}/claimant")
async def decide_claim(membership_id: UUID, claimed: Claimed, tx: InTx) -> MembershipView:
    """Say which member an imported author was: approve a claim, or assign it."""
    return await claims.decide(tx, membership_id, claimed)


# -- invitations


@inside.post("/invitations", status_code=201)
async def invite(new: NewInvitation, tx: InTx) -> InvitationLink:
    """Make a link to join; it is shown this once."""
    return await organizations.invite(tx, new)


@inside.get("/invitations")
async def list_invitations(tx: InTx) -> list[InvitationView]:
    """All invitations, the newest first."""
    return await organizations.invitations(tx)


@inside.delete("/invitations/{invitation_id}", status_code=204)
async def revoke_invitation(invitation_id: UUID, tx: InTx) -> None:
    """Make a link useless."""
    await organizations.revoke_invitation(tx, invitation_id)


router.include_router(inside)
