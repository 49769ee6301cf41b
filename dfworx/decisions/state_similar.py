"""What the person sees while they type a title: what may be decided already."""

import reflex as rx

from dfworx.decisions import service_showing as showing
from dfworx.ui.doors import acting, action
from dfworx.ui.identity import caller

ENOUGH = 8  # characters of a title that say something


class AlreadyDecided(rx.State):
    """The decisions nearest to what is typed."""

    found: list[dict[str, str]] = []

    @action("member")
    async def consider(self, title: str, besides: int = 0) -> None:
        """Show what may be decided already, besides the record with that number."""
        words = str(title).strip()[:200]
        if len(words) < ENOUGH:
            self.found = []
            return
        async with acting(self) as tx:
            rows = await showing.similar(tx, words)
        home = caller.get().home
        self.found = [
            {"title": row.title, "ref": row.ref or "draft", "status": row.status.replace("_", " "),
             "href": f"{home}/d/{row.address}"}
            for row in rows
            if row.number is None or str(row.number) != str(besides)
        ]  # fmt: skip

    @action("member")
    async def forget(self) -> None:
        """Begin with nothing typed."""
        self.found = []
