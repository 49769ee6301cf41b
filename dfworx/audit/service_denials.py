"""What was refused goes into the audit: one event a minute for the same person, verb and reason, however often."""

import asyncio
import json
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dfworx.audit.repository import Denials
from dfworx.core import clock, ids
from dfworx.core.denials import Denial
from dfworx.infra.database import transaction

log = logging.getLogger(__name__)

EACH = timedelta(minutes=1)
LOOK = 2.0  # seconds
MOST = 200  # different ones that are told apart in a minute; the rest is counted together
THE_REST = Denial("many", "many different refusals")

Key = tuple[Any, ...]


@dataclass
class _Waiting:
    """Refusals of one kind that are not written yet."""

    denial: Denial
    due: datetime
    times: int = 0
    id: Any = field(default_factory=ids.new_id)


class DenialKeeper:
    """Gathers the refusals of this process; the first of a kind is written at once, more of it after a minute."""

    def __init__(self) -> None:
        self._waiting: dict[Key, _Waiting] = {}

    def hear(self, denial: Denial) -> None:
        """Count a refusal."""
        key = _key(denial)
        if key not in self._waiting and len(self._waiting) >= MOST:
            denial, key = THE_REST, _key(THE_REST)
        waiting = self._waiting.setdefault(key, _Waiting(denial, clock.now()))
        waiting.times += 1

    @property
    def is_waiting(self) -> bool:
        """Whether there is something to write."""
        return any(waiting.times for waiting in self._waiting.values())

    async def keep(self) -> None:
        """Write what is due, until cancelled; then whatever waits."""
        try:
            while True:
                await asyncio.sleep(LOOK)
                await self.write()
        finally:
            await asyncio.shield(self.write(everything=True))

    async def write(self, *, everything: bool = False) -> None:
        """Write what is due."""
        now = clock.now()
        due = [w for w in self._waiting.values() if w.times and (everything or w.due <= now)]
        if due:
            await _store([_row(waiting, now) for waiting in due])
        for waiting in due:
            waiting.times, waiting.due = 0, now + EACH
        self._waiting = {key: w for key, w in self._waiting.items() if w.times or w.due > now}


async def _store(rows: list[dict[str, Any]]) -> None:
    try:
        async with transaction() as tx:
            await Denials(tx).add(json.dumps(rows))
    except Exception:
        log.exception("refusals could not be kept")


def _key(denial: Denial) -> Key:
    """A person who tries many things is one; nobody who tries one person's password after the other is several."""
    actor = denial.actor
    who = (actor.user_id, actor.organization_id) if actor.is_person else (denial.address, denial.about)
    return *who, denial.verb, denial.refusal


def _row(waiting: _Waiting, now: datetime) -> dict[str, Any]:
    denial, actor = waiting.denial, waiting.denial.actor
    row = {
        "id": ids.new_id(), "created_at": now.isoformat(), "organization_id": actor.organization_id,
        "user_id": actor.user_id, "membership_id": actor.membership_id, "session_id": actor.session_id,
        "name": denial.verb, "about": denial.about, "denied_times": waiting.times,
    }  # fmt: skip
    details = {"refusal": denial.refusal, "address": denial.address}
    return {name: str(value) if value is not None else None for name, value in row.items()} | {"details": details}


keeper = DenialKeeper()
