"""Imported authors on the screen: who they are, who says so, and what one may do about it."""

from typing import Any
from uuid import UUID

import reflex as rx

from dfworx.core.permissions import Verb
from dfworx.organizations import service as organizations
from dfworx.organizations import service_claims
from dfworx.organizations.validators import Claimed
from dfworx.organizations.views import MembershipView
from dfworx.ui.avatars import hue, initials
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.identity import caller


class Authors(rx.State):
    """The imported authors, by name."""

    people: list[dict[str, str]] = []
    next: str = ""

    @action("member")
    async def load(self) -> None:
        """Show the first of them."""
        self.people = []
        await self._show(None)

    @action("member")
    async def more(self) -> None:
        """Show the following ones."""
        await self._show(UUID(self.next))

    @action("member")
    async def claim(self, author_id: str) -> Any:
        """This was me."""
        async with acting(self) as tx:
            author = await service_claims.claim(tx, UUID(author_id))
        said = "is you now" if author.claimed_by else "waits for an owner or admin"
        return [Authors.load, toast(f"{author.name} {said}.")]

    @action("member")
    async def end(self, author_id: str) -> Any:
        """It is nobody again: taken back, declined, undone."""
        async with acting(self) as tx:
            author = await service_claims.end(tx, UUID(author_id))
        return [Authors.load, toast(f"{author.name} is nobody here again.")]

    @action("admin")
    async def approve(self, author_id: str, membership_id: str) -> Any:
        """It is the one who says so."""
        claimed = Claimed.model_validate({"membership_id": membership_id})
        async with acting(self) as tx:
            author = await service_claims.decide(tx, UUID(author_id), claimed)
        return [Authors.load, toast(f"What {author.name} wrote has its author now.")]

    async def _show(self, after: UUID | None) -> None:
        async with acting(self) as tx:
            page = await service_claims.imported(tx, after)
            names = await organizations.names(tx, {id_ for a in page.items for id_ in (a.claimed_by, a.claimant_id)})
        self.people = [*self.people, *[_author(each, names) for each in page.items]]
        self.next = str(page.next or "")


def _author(author: MembershipView, names: dict[UUID, str]) -> dict[str, str]:
    actor = caller.get().actor
    who = author.claimed_by or author.claimant_id
    is_free, may_decide = who is None, actor.may(Verb.DECIDE_CLAIM)
    return {
        "id": str(author.id),
        "name": author.name,
        "initials": initials(author.name),
        "hue": hue(str(author.id)),
        "who": names.get(who, "") if who else "",
        "claimed_by": str(author.claimed_by or ""),
        "claimant_id": str(author.claimant_id or ""),
        "may_claim": "yes" if is_free and actor.may(Verb.CLAIM_AUTHOR) else "",
        "may_approve": "yes" if author.claimant_id and may_decide else "",
        "end": _end(author, actor.membership_id) if may_decide or author.claimant_id == actor.membership_id else "",
    }


def _end(author: MembershipView, me: UUID | None) -> str:
    if author.claimant_id is None:
        return "Undo" if author.claimed_by else ""
    return "Take back" if author.claimant_id == me else "Decline"
