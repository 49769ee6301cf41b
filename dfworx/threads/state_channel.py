"""What the person sees of the threads of a channel: which of them the list shows, as the address says."""

from typing import Any

import reflex as rx

from dfworx.core.ids import new_id
from dfworx.tags import service as tags
from dfworx.ui.doors import acting, action
from dfworx.ui.query import asked, here, query_of
from dfworx.ui.slots import hears
from dfworx.ui.state_picker import Choice, flip_among, offer

LONGEST = 200


class ChannelThreads(rx.State):
    """What the list of a channel is narrowed to; the rows themselves live in the browser, kept current by frames."""

    sought: str = ""
    tagged: list[Choice] = []
    turn: str = ""  # the field begins anew with it

    @rx.var
    def query(self) -> str:
        """What the list asks for besides."""
        return query_of(title=self.sought.strip(), tag=[tag["id"] for tag in self.tagged])

    @action("member")
    async def arrive(self) -> None:
        """Show what the address asks for."""
        wanted = asked()
        self.sought = wanted.get("title", [""])[0][:LONGEST]
        self.turn = f"{self.channel} {self.sought}"
        if "tag" not in wanted:
            self.tagged = []
            return
        async with acting(self) as tx:
            self.tagged = [tag.choice for tag in await tags.all(tx) if str(tag.id) in wanted["tag"]]

    @action("member")
    async def seek(self, text: str) -> None:
        """Show only threads whose titles contain these words."""
        self.sought = str(text)[:LONGEST]

    @action("member")
    async def ask(self) -> None:
        """Open the choice of tags."""
        async with acting(self) as tx:
            choices = [tag.choice for tag in await tags.all(tx)]
        await offer(self, choices, [tag["id"] for tag in self.tagged])

    @action("member")
    async def flip(self, tag_id: str) -> Any:
        """Show only threads on which this tag hangs, too, or ask for it no more."""
        self.tagged = await flip_among(self, self.tagged, str(tag_id))
        return rx.redirect(here(self.query), replace=True)

    @action("member")
    async def clear(self) -> Any:
        """Show all."""
        self.sought, self.tagged, self.turn = "", [], new_id().hex
        return rx.redirect(here(""), replace=True)


hears("/o/[organization]/c/[channel]", ChannelThreads.arrive)
