"""Each notice is mailed once: claimed before the SMTP server gets it, and given back when the server refuses it."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID, uuid5

from dfworx.core import clock
from dfworx.core.actor import Actor
from dfworx.decisions.events import MemberDigested, MemberNotified
from dfworx.decisions.models_notices import MailedNotice
from dfworx.decisions.repository_notices import MailedNotices
from dfworx.infra.database import Tx, transaction

log = logging.getLogger(__name__)

T = TypeVar("T")


def of_notice(event: MemberNotified) -> MailedNotice:
    """What is kept of it: the same for the same person, kind and occasion."""
    return _kept(event, event.kind, event.occasion or event.decision.id, event.decision.id)


def of_digest(event: MemberDigested) -> MailedNotice:
    """What is kept of it: the same for the same person and day."""
    return _kept(event, "digest", uuid5(event.membership_id, str((event.at or clock.now()).date())))


async def is_handed_over(tx: Tx, notice: MailedNotice) -> bool:
    """Whether somebody has handed it over, or died over it: nobody knows then, and it is not mailed again."""
    known = await MailedNotices(tx).find(notice.id)
    if known and not known.mailed_at:
        log.warning("notice %s was claimed and not finished: it may have arrived, and is not mailed again", known.id)
    return known is not None


class Once:
    """The record of a mail, each step in a transaction of its own: what is claimed stays so whatever dies."""

    def __init__(self, notice: MailedNotice) -> None:
        self.notice = notice

    async def claim(self) -> bool:
        """Whether it is ours to hand over."""
        return await self._do(lambda tx: MailedNotices(tx).claim(self.notice))

    async def give_back(self) -> None:
        """The server does not want it now."""
        await self._do(lambda tx: MailedNotices(tx).give_back(self.notice.id))

    async def keep(self) -> None:
        """The server has it."""
        await self._do(lambda tx: MailedNotices(tx).keep(self.notice.id))

    async def _do(self, step: Callable[[Tx], Awaitable[T]]) -> T:
        async with transaction(Actor.system(self.notice.organization_id)) as tx:
            return await step(tx)


def _kept(
    event: MemberDigested | MemberNotified, kind: str, occasion: UUID, decision_id: UUID | None = None
) -> MailedNotice:
    return MailedNotice(
        id=uuid5(occasion, f"{kind} {event.membership_id}"),
        organization_id=event.organization_id,
        membership_id=event.membership_id,
        decision_id=decision_id,
        kind=kind,
        occasion=occasion,
    )
