"""Claims: an imported author is somebody here; a member says so, an administrator decides, nothing is rewritten."""

from uuid import UUID

from dfworx.core.permissions import Verb
from dfworx.infra.database import Tx
from dfworx.organizations import policies
from dfworx.organizations.errors import AlreadyClaimed, NotImported
from dfworx.organizations.events import AuthorAskedFor, AuthorClaimed, ClaimEnded
from dfworx.organizations.models import Membership
from dfworx.organizations.repository import Memberships
from dfworx.organizations.validators import Claimed
from dfworx.organizations.views import MemberPage, MembershipView

PAGE = 100


async def imported(tx: Tx, after: UUID | None = None) -> MemberPage:
    """A page of imported authors by name, claimed or not."""
    tx.actor.must(Verb.LIST_MEMBERS)
    rows = await Memberships(tx).imported(PAGE + 1, after)
    items = [MembershipView.of(row) for row in rows[:PAGE]]
    return MemberPage(items=items, next=items[-1].id if len(rows) > PAGE else None)


async def claim(tx: Tx, author_id: UUID) -> MembershipView:
    """Say that an imported author was oneself: an administrator decides, and for themselves at once."""
    tx.actor.must(Verb.CLAIM_AUTHOR)
    row = await Memberships(tx).get(author_id)
    if not row.is_imported:
        raise NotImported
    if tx.actor.membership_id in {row.claimed_by, row.claimant_id}:
        return MembershipView.of(row)
    if not await Memberships(tx).claim(author_id, wanted=True):
        raise AlreadyClaimed
    if tx.actor.may(Verb.DECIDE_CLAIM):
        return await decide(tx, author_id, Claimed(membership_id=tx.actor.membership))
    await tx.session.refresh(row)
    tx.emit(AuthorAskedFor(member=MembershipView.of(row)))
    return MembershipView.of(row)


async def decide(tx: Tx, author_id: UUID, claimed: Claimed) -> MembershipView:
    """Say which member an imported author is: whoever asked, or anybody else."""
    tx.actor.must(Verb.DECIDE_CLAIM)
    row = await _fresh(tx, author_id)
    was = row.claimed_by
    row.be(await Memberships(tx).get(claimed.membership_id))
    await Memberships(tx).save()
    if was != row.claimed_by:
        tx.emit(AuthorClaimed(member=MembershipView.of(row)))
    return MembershipView.of(row)


async def end(tx: Tx, author_id: UUID) -> MembershipView:
    """Take a claim back, decline it, or undo it: the imported author is nobody again."""
    row = await _fresh(tx, author_id)
    tx.actor.must(policies.may_end_claim, row)
    was = row.claimed_by or row.claimant_id
    if was is None:
        return MembershipView.of(row)
    if tx.actor.may(Verb.DECIDE_CLAIM):
        row.be(None)
        await Memberships(tx).save()
    elif await Memberships(tx).claim(author_id, wanted=False):
        await tx.session.refresh(row)
    tx.emit(ClaimEnded(member=MembershipView.of(row), was=was))
    return MembershipView.of(row)


async def _fresh(tx: Tx, author_id: UUID) -> Membership:
    """As it is now: of two who decide, the second one sees what the first did."""
    row = await Memberships(tx).get(author_id)
    await tx.session.refresh(row)
    return row
