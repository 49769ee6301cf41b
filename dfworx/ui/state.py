"""The shell's state: who looks at the page, where, and whether the page has been entered."""

from typing import Any
from urllib.parse import quote, urlsplit

import reflex as rx

from dfworx.core.permissions import ServerVerb, Verb
from dfworx.live import rooms
from dfworx.live.hub import hub
from dfworx.ui.avatars import hue, initials
from dfworx.ui.doors import acting, action
from dfworx.ui.identity import caller

SIGN_IN = "/sign-in"


class Shell(rx.State):
    """The person at the screen and their standing in the organization of the address."""

    ready: bool = False
    missing: bool = False
    epoch: int = 0  # counts when rooms were joined: lists then ask for what they may have missed
    name: str = ""
    membership_id: str = ""
    role: str = ""
    home: str = "/"
    place: str = ""
    path: str = ""  # the page that one is on, and the one before; the same where it was only loaded or connected anew
    came_from: str = ""
    closed: str = ""  # why nothing can be written where one is
    may: dict[str, bool] = {}
    may_on_server: dict[str, bool] = {}

    @rx.var
    def initials(self) -> str:
        """The letters of the person's avatar."""
        return initials(self.name)

    @rx.var
    def hue(self) -> str:
        """The colour of the person's avatar, the same as beside their messages."""
        return hue(self.membership_id)

    @action("anyone")
    async def enter(self) -> Any:
        """Enter a page of an organization: join its rooms, anew after each reconnect, and say who is looking."""
        here = caller.get()
        actor = here.actor
        if not actor.is_person:
            return rx.redirect(f"{SIGN_IN}?next={quote(here.path)}", replace=True)
        self.came_from, self.path = self.path, urlsplit(here.path).path
        self.missing = actor.role is None
        if self.missing or here.socket is None:
            return None
        async with acting(self) as tx:
            self.epoch += await rooms.stay_only(hub, here.socket, tx, await rooms.wanted(tx, here.path))
        self.name, self.role, self.home = actor.name, str(actor.role), here.home
        self.membership_id = str(actor.membership_id)
        self.may = {verb.name.lower(): actor.may(verb) for verb in Verb}
        self.may_on_server = {verb.name.lower(): actor.may(verb) for verb in ServerVerb}
        self.ready = True
        return None

    @action("anyone")
    async def enter_personal(self) -> Any:
        """Enter a page that belongs to a person and to no organization."""
        return await self._enter()

    async def _enter(self) -> Any:
        here = caller.get()
        if not here.actor.is_person:
            return rx.redirect(f"{SIGN_IN}?next={quote(here.path)}", replace=True)
        self.came_from, self.path = self.path, urlsplit(here.path).path
        if here.socket is not None:
            async with acting(self) as tx:
                self.epoch += await rooms.stay_only(hub, here.socket, tx, await rooms.wanted(tx, here.path))
        self.name = here.actor.name
        self.ready = True
        return None

    @action("anyone")
    async def enter_server(self) -> Any:
        """Enter a page of the server; whoever does not look after it is told that it does not exist."""
        actor = caller.get().actor
        self.missing = actor.is_person and actor.server_role is None
        self.may_on_server = {verb.name.lower(): actor.may(verb) for verb in ServerVerb}
        return await self._enter()
