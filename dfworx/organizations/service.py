"""The verbs of organizations: founding, members, roles, invitations."""

import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import UUID

from dfworx.accounts import service as accounts
from dfworx.accounts.events import PersonRenamed
from dfworx.accounts.views import ResetLink
from dfworx.core import ids
from dfworx.core.permissions import Role, Verb
from dfworx.infra.database import Tx
from dfworx.infra.secrets import derived, fingerprint
from dfworx.infra.settings import settings
from dfworx.live.presence import presence
from dfworx.organizations import policies
from dfworx.organizations.errors import UnclaimedAuthor
from dfworx.organizations.events import (
    InvitationCreated,
    InvitationRevoked,
    MemberLeft,
    MemberRemoved,
    MemberRenamed,
    OrganizationCreated,
    OrganizationRenamed,
    RoleChanged,
)
from dfworx.organizations.models import Invitation, Membership, Organization
from dfworx.organizations.repository import Invitations, Memberships, Organizations
from dfworx.organizations.validators import (
    NewInvitation,
    NewOrganization,
    OrganizationChange,
    RoleChange,
    slug_of,
)
from dfworx.organizations.views import (
    AuthorView,
    InvitationLetter,
    InvitationLink,
    InvitationView,
    MemberPage,
    MembershipView,
    OrganizationView,
)

PAGE = 100
TRIES = 50


# -- organizations


async def create(tx: Tx, new: NewOrganization) -> OrganizationView:
    """Found an organization as its owner; from then on the transaction acts in it."""
    membership_id = ids.new_id()
    for slug in _slugs(new.name):
        organization = Organization(slug=slug, name=new.name)
        if await Organizations(tx).create(organization, membership_id):
            break
    await act_in(tx, organization.id, membership_id, Role.OWNER)
    view = OrganizationView.of(organization, Role.OWNER)
    tx.emit(OrganizationCreated(organization=view, membership_id=membership_id, user_id=tx.actor.person))
    return view


async def act_in(tx: Tx, organization_id: UUID, membership_id: UUID, role: Role) -> None:
    """Go on in an organization that one has just come into."""
    await tx.act_as(replace(tx.actor, organization_id=organization_id, membership_id=membership_id, role=role))


async def mine(tx: Tx) -> list[OrganizationView]:
    """The organizations that you belong to, by name."""
    return [OrganizationView.of(organization, role) for organization, role in await Organizations(tx).mine()]


async def get(tx: Tx) -> OrganizationView:
    """The organization that is acted in."""
    tx.actor.must(Verb.READ)
    return OrganizationView.of(await Organizations(tx).current(), tx.actor.role or Role.GUEST)


async def rename(tx: Tx, change: OrganizationChange) -> OrganizationView:
    """Give the organization another name; its addresses stay."""
    tx.actor.must(Verb.RENAME_ORGANIZATION)
    organization = await Organizations(tx).current()
    was, organization.name = organization.name, change.name
    view = OrganizationView.of(organization, tx.actor.role or Role.GUEST)
    tx.emit(OrganizationRenamed(organization=view, was=was))
    return view


# -- members


async def members(tx: Tx, after: UUID | None = None, *, everyone: bool = False) -> MemberPage:
    """A page of members by name; `everyone` adds those who left and imported authors."""
    tx.actor.must(Verb.LIST_MEMBERS)
    rows = await Memberships(tx).page(PAGE + 1, after, everyone=everyone)
    emails = await Memberships(tx).emails()
    items = [MembershipView.of(row, emails.get(row.id)) for row in rows[:PAGE]]
    return MemberPage(items=items, next=items[-1].id if len(rows) > PAGE else None)


async def everybody(tx: Tx, most: int) -> list[MembershipView]:
    """The members by name, as many as one chooses from."""
    page = await members(tx)
    found = page.items
    while page.next and len(found) < most:
        page = await members(tx, page.next)
        found = [*found, *page.items]
    return found[:most]


async def find(tx: Tx, words: Sequence[str], most: int) -> list[MembershipView]:
    """The members whose names contain the words."""
    tx.actor.must(Verb.LIST_MEMBERS)
    return [MembershipView.of(row) for row in await Memberships(tx).named(words, most)]


async def online(tx: Tx) -> list[UUID]:
    """The memberships of those who are online, as far as they do not hide it."""
    tx.actor.must(Verb.SEE_PRESENCE)
    return presence.online(tx.actor.organization)


async def member(tx: Tx, membership_id: UUID) -> MembershipView:
    """One member or author, also after leaving."""
    tx.actor.must(Verb.LIST_MEMBERS)
    return MembershipView.of(await Memberships(tx).get(membership_id))


async def holding(tx: Tx, roles: Collection[Role]) -> list[MembershipView]:
    """The members who hold one of these roles, by name; imported authors are none."""
    tx.actor.must(Verb.LIST_MEMBERS)
    return [MembershipView.of(row) for row in await Memberships(tx).holding(roles)] if roles else []


async def some(tx: Tx, membership_ids: Collection[UUID]) -> list[MembershipView]:
    """These memberships, of those who are there and of those who left."""
    tx.actor.must(Verb.LIST_MEMBERS)
    return [MembershipView.of(row) for row in await Memberships(tx).some(membership_ids)]


async def active(tx: Tx, membership_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these members who are there and whose accounts are not deactivated."""
    tx.actor.must(Verb.LIST_MEMBERS)
    return await Memberships(tx).active(membership_ids)


async def add_author(tx: Tx, name: str, origin: str) -> MembershipView:
    """An author whom nobody has claimed yet, for what the system writes; the same origin, the same one."""
    known = await Memberships(tx).of_origin(origin)
    row = known or await Memberships(tx).add(
        Membership(organization_id=tx.actor.organization, name=name, role=Role.GUEST, origin=origin, created_at=tx.now)
    )
    return MembershipView.of(row)


async def add_authors(tx: Tx, names_by_origin: dict[str, str]) -> dict[str, UUID]:
    """Many authors at once: gives the membership of each origin, made where it is missing."""
    return await Memberships(tx).put_authors(names_by_origin)


async def known_authors(tx: Tx, origins: Collection[str]) -> dict[str, UUID]:
    """The memberships of those origins that are there already."""
    return await Memberships(tx).of_origins(origins)


async def names(tx: Tx, membership_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of authors by their memberships."""
    return {id_: author.name for id_, author in (await authors(tx, membership_ids)).items()}


async def authors(tx: Tx, membership_ids: Iterable[UUID | None]) -> dict[UUID, AuthorView]:
    """Who authors are by their memberships: an imported one is the member who claimed it."""
    wanted = {id_ for id_ in membership_ids if id_ is not None}
    rows = await Memberships(tx).authors(wanted) if wanted else []
    return {id_: AuthorView(id=who, name=name) for id_, who, name in rows}


async def change_role(tx: Tx, membership_id: UUID, change: RoleChange) -> MembershipView:
    """Give a member another role."""
    row = await Memberships(tx).present(membership_id)
    tx.actor.must(policies.may_change_role, row, change.role)
    if row.is_placeholder:
        raise UnclaimedAuthor
    was, row.role = Role(row.role), change.role
    await Memberships(tx).save()
    if was != change.role:
        tx.emit(RoleChanged(member=MembershipView.of(row), was=was))
    return MembershipView.of(row)


async def remove(tx: Tx, membership_id: UUID) -> None:
    """Take a member out of the organization; what they wrote stays."""
    row = await Memberships(tx).present(membership_id)
    tx.actor.must(policies.may_remove, row)
    if row.is_placeholder:
        raise UnclaimedAuthor
    tx.emit(MemberRemoved(member=await _end(tx, row)))


async def leave(tx: Tx) -> None:
    """Leave the organization; what you wrote stays."""
    row = await Memberships(tx).present(tx.actor.membership)
    tx.emit(MemberLeft(member=await _end(tx, row)))


async def follow_name(tx: Tx, event: PersonRenamed) -> None:
    """A person's memberships show the name that the person took."""
    for row in await Memberships(tx).of_person():
        row.name = event.new_name
        tx.emit(MemberRenamed(member=MembershipView.of(row)))


# -- invitations


async def invite(tx: Tx, new: NewInvitation) -> InvitationLink:
    """Make a link to join; it is shown this once, only its hash is kept."""
    tx.actor.must(policies.may_invite, new.role)
    invitation = _invitation(tx, new)
    token = _token(invitation.id)
    invitation.token_hash = fingerprint(token)
    view = InvitationView.of(await Invitations(tx).add(invitation), tx.now)
    tx.emit(InvitationCreated(invitation=view))
    return InvitationLink(invitation=view, token=token, link=_join(token))


async def letter(tx: Tx, invitation: InvitationView) -> InvitationLetter:
    """What the mail says that brings an invitation."""
    tx.actor.must(Verb.INVITE)
    organization = await Organizations(tx).current()
    by = invitation.created_by and (await names(tx, {invitation.created_by}))[invitation.created_by]
    return InvitationLetter(organization=organization.name, by=by or "DFWorX", link=_join(_token(invitation.id)))


async def issue_reset_link(tx: Tx, membership_id: UUID) -> ResetLink:
    """Make a link with which a member takes another password; it is shown this once."""
    member = await Memberships(tx).get(membership_id)
    tx.actor.must(policies.may_issue_reset_link, member)
    return await accounts.issue_reset_link(tx, membership_id)


async def invitations(tx: Tx) -> list[InvitationView]:
    """All invitations, the newest first."""
    tx.actor.must(Verb.LIST_INVITATIONS)
    return [InvitationView.of(invitation, tx.now) for invitation in await Invitations(tx).all()]


async def revoke_invitation(tx: Tx, invitation_id: UUID) -> None:
    """Make a link useless; doing it twice changes nothing."""
    tx.actor.must(Verb.INVITE)
    invitation = await Invitations(tx).get(invitation_id)
    if invitation.revoked_at is None:
        invitation.revoke(tx.now)
        tx.emit(InvitationRevoked(invitation=InvitationView.of(invitation, tx.now)))


def _token(invitation_id: UUID) -> str:
    return derived(settings(), "invitation", invitation_id)


def _join(token: str) -> str:
    return f"{settings().origin}/join/{token}"


def _invitation(tx: Tx, new: NewInvitation) -> Invitation:
    return Invitation(
        organization_id=tx.actor.organization,
        created_at=tx.now,
        created_by=tx.actor.membership_id,
        token_hash="",
        role=new.role,
        email=new.email,
        expires_at=tx.now + timedelta(days=new.days),
        max_uses=new.max_uses,
    )


def _slugs(name: str) -> Iterator[str]:
    """`acme`, `acme-2`, `acme-3`, and when many are taken one that cannot be."""
    slug = slug_of(name)
    yield slug
    for number in count(2):
        yield f"{slug}-{number}" if number < TRIES else f"{slug}-{secrets.token_hex(4)}"


async def _end(tx: Tx, row: Membership) -> MembershipView:
    row.leave(tx.now)
    await Memberships(tx).save()
    return MembershipView.of(row)
