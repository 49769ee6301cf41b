"""The ways in: the first run, registration, and invitations from the side of whoever got one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dfworx.accounts import service as accounts
from dfworx.accounts.errors import AlreadySetUp
from dfworx.accounts.views import SignedIn
from dfworx.core import ids
from dfworx.core.actor import Device
from dfworx.core.permissions import Role
from dfworx.infra.database import Tx, transaction
from dfworx.infra.secrets import fingerprint
from dfworx.infra.settings import settings
from dfworx.organizations import service as organizations
from dfworx.organizations.errors import InvitationNeeded, InvitationNotValid
from dfworx.organizations.events import MemberJoined
from dfworx.organizations.repository import Invitations
from dfworx.organizations.validators import Joining, NewOrganization, SetUp
from dfworx.organizations.views import Founded, InvitationPreview, OrganizationView

REGISTERING_TAKES = 0.5  # seconds: longer than either way through, so that the time tells nothing


async def set_up(form: SetUp, device: Device) -> Founded:
    """The first run: the first account and its organization. Of two at once the database lets one through."""
    async with transaction() as tx:
        if not (await accounts.setup(tx)).is_needed:
            raise AlreadySetUp
    password_hash = await accounts.digest(form, form.organization)
    async with transaction() as tx:
        session = await accounts.register(tx, form, password_hash, device, first=True)
        organization = await organizations.create(tx, NewOrganization(name=form.organization))
        return Founded(session=session, organization=organization)


async def register(form: Joining, device: Device) -> SignedIn:
    """Make an account: with an invitation, which is accepted at once, or freely where the operator opened it."""
    async with _evenly(REGISTERING_TAKES):
        async with transaction() as tx:
            await _must_be_let_in(tx, form)
        password_hash = await accounts.digest(form)
        async with transaction() as tx:
            session = await accounts.register(tx, form, password_hash, device)
            if form.invitation and tx.actor.is_person:
                await accept(tx, form.invitation)
            return session


async def look(tx: Tx, token: str) -> InvitationPreview:
    """Where an invitation leads; nobody needs to be signed in to ask."""
    found = await Invitations(tx).look(fingerprint(token))
    if found is None:
        raise InvitationNotValid
    return InvitationPreview.model_validate(found, from_attributes=True)


async def accept(tx: Tx, token: str) -> OrganizationView:
    """Join by an invitation; from then on the transaction acts in the organization."""
    joined = await Invitations(tx).accept(fingerprint(token), ids.new_id())
    if joined is None:
        raise InvitationNotValid
    await organizations.act_in(tx, joined.organization_id, joined.membership_id, Role(joined.role))
    if joined.is_new:
        tx.emit(MemberJoined(member=await organizations.member(tx, joined.membership_id)))
    return await organizations.get(tx)


async def _must_be_let_in(tx: Tx, form: Joining) -> None:
    if form.invitation:
        await look(tx, form.invitation)
    elif settings().registration != "open":
        raise InvitationNeeded


@asynccontextmanager
async def _evenly(seconds: float) -> AsyncIterator[None]:
    """Take at least so long, whatever happens inside."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    try:
        yield
    finally:
        await asyncio.sleep(max(0.0, begun + seconds - loop.time()))
