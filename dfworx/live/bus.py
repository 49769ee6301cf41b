"""The bus: how processes tell each other what happened. One process needs no more than the one in memory."""

from collections.abc import Callable, Sequence
from typing import Protocol
from uuid import UUID

from dfworx.core.events import Event

Told = tuple[UUID, Event]
Hearer = Callable[[UUID, Event], None]


class Bus(Protocol):
    """Carries every event to every process at least once; whoever hears it drops what it heard before."""

    def publish(self, id_: UUID, event: Event) -> None:
        """Tell everybody, this process at once and included; others may miss it while the way to them is down."""
        ...

    async def tell(self, batch: Sequence[Told]) -> None:
        """Tell everybody, and fail if others could not be told: the dispatcher keeps it then."""
        ...

    def subscribe(self, hear: Hearer) -> None:
        """Be told from now on."""
        ...


class InProcessBus:
    """The bus of a single process."""

    def __init__(self) -> None:
        self._hearers: list[Hearer] = []

    def publish(self, id_: UUID, event: Event) -> None:
        """Tell every hearer of this process."""
        for hear in self._hearers:
            hear(id_, event)

    async def tell(self, batch: Sequence[Told]) -> None:
        """Tell every hearer of this process."""
        for id_, event in batch:
            self.publish(id_, event)

    def subscribe(self, hear: Hearer) -> None:
        """Be told from now on."""
        self._hearers.append(hear)
