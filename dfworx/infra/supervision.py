"""Supervision: what was started is kept running; who dies is started again, and who dies at every start ends it all."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn, Protocol

log = logging.getLogger(__name__)

LOOK = 0.1  # seconds between two looks
QUICK_DEATHS = 5  # in a row
FIRST, LONGEST = 0.5, 5.0  # seconds to wait from the second quick death on


class Kept(Protocol):
    """Something that runs for as long as we do."""

    name: str
    young: float  # seconds after its start in which a death is a quick one

    def is_alive(self) -> bool:
        """Whether it still runs."""
        ...

    def revive(self) -> None:
        """Start it again."""
        ...

    def gave_up(self) -> Exception | None:
        """What to say when it dies at every start; None when it is worth trying for ever."""
        ...


@dataclass
class _Watched:
    kept: Kept
    started: float
    quick_deaths: int = 0

    def look(self) -> None:
        """Bring it back if it died."""
        if self.kept.is_alive():
            return
        is_quick = time.monotonic() - self.started < self.kept.young
        self.quick_deaths = self.quick_deaths + 1 if is_quick else 1
        if self.quick_deaths > QUICK_DEATHS and (error := self.kept.gave_up()):
            raise error
        log.error("%s has died; it is started again", self.kept.name)
        if self.quick_deaths > 1:
            time.sleep(min(FIRST * 2 ** (self.quick_deaths - 2), LONGEST))
        try:
            self.kept.revive()
        except Exception as error:  # noqa: BLE001  # counts as a death: it is tried again, but not for ever
            log.error("%s does not start: %s", self.kept.name, error)  # noqa: TRY400  # a sentence, not a traceback
        self.started = time.monotonic()


def keep(things: Sequence[Kept]) -> NoReturn:
    """Look after them until interrupted; raises what one of them says that dies at every start."""
    watched = [_Watched(kept, time.monotonic()) for kept in things]
    while True:
        for each in watched:
            each.look()
        time.sleep(LOOK)
