"""Each notice is mailed once: claimed before the SMTP server gets it, and given back when the server refuses it."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID, uuid5

from dfworx.core.actor import Actor
from dfworx.decisions.events import MemberNotified
from dfworx.decisions.models_notices import MailedNotice
from dfworx.decisions.repository_notices import MailedNotices
from dfworx.infra.database import Tx, transaction

log = logging.getLogger(__name__)

T = TypeVar("T")


def id_of(event: MemberNotified) -> UUID:
    """The same for the same person, kind and occasion."""
    return uuid5(_occasion(event), f"{event.kind} {event.membership_id}")


async def is_handed_over(tx: Tx, event: MemberNotified) -> bool:
    """Whether somebody has handed it over, or died over it: nobody knows then, and it is not mailed again."""
    known = await MailedNotices(tx).find(id_of(event))
    if known and not known.mailed_at:
        log.warning("notice %s was claimed and not finished: it may have arrived, and is not mailed again", known.id)
    return known is not None


class Once:
    """The record of a notice, each step in a transaction of its own: what is claimed stays so whatever dies."""

    def __init__(self, event: MemberNotified) -> None:
        self.event = event

    async def claim(self) -> bool:
        """Whether it is ours to hand over."""

        async def store(tx: Tx) -> bool:
            notice = MailedNotice(
                id=id_of(self.event),
                created_at=tx.now,
                organization_id=self.event.organization_id,
                membership_id=self.event.membership_id,
                decision_id=self.event.decision.id,
                kind=self.event.kind,
                occasion=_occasion(self.event),
            )
            return await MailedNotices(tx).claim(notice)

        return await self._do(store)

    async def give_back(self) -> None:
        """The server does not want it now."""
        await self._do(lambda tx: MailedNotices(tx).give_back(id_of(self.event)))

    async def keep(self) -> None:
        """The server has it."""
        await self._do(lambda tx: MailedNotices(tx).keep(id_of(self.event)))

    async def _do(self, step: Callable[[Tx], Awaitable[T]]) -> T:
        async with transaction(Actor.system(self.event.organization_id)) as tx:
            return await step(tx)


def _occasion(event: MemberNotified) -> UUID:
    return event.occasion or event.decision.id
