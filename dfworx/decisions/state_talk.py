"""What makes decisions out of talk: a thread as a whole, or the messages that were selected."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import ValidationError

from dfworx.core import clock
from dfworx.core.ids import read_id
from dfworx.decisions import service as decisions
from dfworx.decisions.validators import MOST_EVIDENCE, Drawn
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.identity import caller

TWICE = timedelta(seconds=5)  # a second click within them means the same decision


class Drawing(rx.State):
    """The last decision that was made here, so that a double click makes one."""

    _of: str = ""
    _made: str = ""
    _at: datetime | None = None

    @action("member")
    async def draw(self, thread_id: str, message_ids: list[str]) -> Any:
        """Begin a decision with these messages as evidence, and go there."""
        given: Any = message_ids  # whatever a socket sends
        chosen = given if isinstance(given, list) else [given]
        return await self._draw(read_id(thread_id), [read_id(each) for each in chosen])

    @action("member")
    async def draw_all(self, thread_id: str) -> Any:
        """The same with the whole thread."""
        return await self._draw(read_id(thread_id), [])

    async def _draw(self, thread_id: UUID, message_ids: list[UUID]) -> Any:
        of, now = f"{thread_id} {sorted(message_ids)}", clock.now()
        if self._at is None or of != self._of or now - self._at > TWICE:
            try:
                drawn = Drawn(message_ids=message_ids)
            except ValidationError:
                return toast(f"Select at most {MOST_EVIDENCE} messages.", "error")
            async with acting(self) as tx:
                decision = await decisions.draw(tx, thread_id, drawn)
            self._of, self._made, self._at = of, str(decision.id), now
        return rx.redirect(f"{caller.get().home}/d/{self._made}?write")
