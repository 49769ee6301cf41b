"""What the person sees of accounts: the way in, the own account, and where one is signed in."""

from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import ValidationError

from dfworx.accounts import service as accounts
from dfworx.accounts.devices import device, named
from dfworx.accounts.validators import AccountChange, DigestChange, PresenceChange
from dfworx.accounts.views import SessionView
from dfworx.core.errors import Refusal
from dfworx.infra.settings import settings
from dfworx.ui import times
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.forms import said, typed
from dfworx.ui.identity import caller
from dfworx.ui.refused import asked
from dfworx.ui.state import Shell
from dfworx.web.forms import local

PHONES = {"Android", "iPhone", "iPad"}


class Entrance(rx.State):
    """The page where one signs in."""

    next: str = ""
    is_open: bool = False
    notice: str = ""
    token: str = ""

    @action("anyone")
    async def hold(self) -> None:
        """Keep the secret of the link for the form."""
        self.token = caller.get().path.partition("?")[0].rpartition("/")[2]

    @action("anyone")
    async def load(self) -> Any:
        """Remember where the person wanted to go; nobody signs in twice, or before there is an account."""
        self.next, self.is_open = local(asked("next")) or "", settings().registration == "open"
        self.notice = "You have another password. Sign in with it." if asked("changed") else ""
        if caller.get().actor.is_person:
            return rx.redirect(self.next or "/", replace=True)
        async with acting(self) as tx:
            setup = await accounts.setup(tx)
        return rx.redirect("/setup", replace=True) if setup.is_needed else None


class Links(rx.State):
    """The pages that links from mails lead to."""

    is_loaded: bool = False
    is_sent: bool = False
    problem: str = ""

    @action("anyone")
    async def load(self) -> None:
        """The form of a forgotten password: sent already, or to be filled in."""
        self.is_sent, self.is_loaded = bool(asked("sent")), True

    @action("anyone")
    async def verify(self) -> None:
        """Take the link of the address as the proof that it is."""
        self.problem = ""
        try:
            await accounts.verify_email(caller.get().path.partition("?")[0].rpartition("/")[2])
        except Refusal as refusal:
            self.problem = refusal.detail
        self.is_loaded = True


class Account(rx.State):
    """The own account."""

    is_loaded: bool = False
    name: str = ""
    email: str = ""
    shows_presence: bool = True
    gets_digest: bool = True
    since: str = ""
    problem: str = ""
    notice: str = ""
    is_verified: bool = True
    sessions: list[dict[str, str]] = []

    @action("person")
    async def load(self) -> None:
        """Show the account and its sessions."""
        async with acting(self) as tx:
            account, sessions = await accounts.get(tx), await accounts.sessions(tx)
        self.shows_presence, self.gets_digest = account.shows_presence, account.gets_digest
        self.name, self.email, self.since = account.name, account.email, times.day(account.created_at)
        self.sessions = [_shown(session, tx.now) for session in sessions]
        self.notice = "Your password is changed. Other browsers were signed out." if asked("changed") else ""
        self.is_verified = account.email_verified_at is not None
        self.problem, self.is_loaded = "", True

    @action("person")
    async def rename(self, form: dict[str, Any]) -> Any:
        """Show another name, everywhere."""
        try:
            async with acting(self) as tx:
                account = await accounts.rename(tx, typed(AccountChange, form))
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return None
        self.name, self.problem = account.name, ""
        shell = await self.get_state(Shell)
        shell.name = account.name
        return toast("Your name is changed.")

    @action("person")
    async def ask_verification(self) -> Any:
        """Mail the link once more that shows whose the address is."""
        async with acting(self) as tx:
            await accounts.ask_verification(tx)
        return toast("The link is on its way, if this server sends mail.")

    @action("person")
    async def show_presence(self, is_shown: bool) -> Any:
        """Let others see that one is online, or hide it."""
        async with acting(self) as tx:
            account = await accounts.show_presence(tx, PresenceChange(is_shown=is_shown is True))
        self.shows_presence = account.shows_presence
        return toast("Others see when you are online." if account.shows_presence else "You are not shown as online.")

    @action("person")
    async def choose_digest(self, is_wanted: bool) -> Any:
        """Be mailed on Mondays what waits for one, or not."""
        async with acting(self) as tx:
            account = await accounts.choose_digest(tx, DigestChange(is_wanted=is_wanted is True))
        self.gets_digest = account.gets_digest
        return toast("You are mailed on Mondays." if account.gets_digest else "You are not mailed on Mondays.")

    @action("person")
    async def revoke(self, session_id: str) -> Any:
        """Sign one of your browsers out."""
        async with acting(self) as tx:
            await accounts.revoke_session(tx, UUID(session_id))
        self.sessions = [session for session in self.sessions if session["id"] != session_id]
        return toast("That browser is signed out.")

    @action("person")
    async def sign_out_everywhere(self) -> Any:
        """Sign out everywhere, here too: the session of this page is over."""
        async with acting(self) as tx:
            await accounts.sign_out_everywhere(tx)
        return rx.redirect("/sign-in", replace=True)


def _shown(session: SessionView, now: datetime) -> dict[str, str]:
    _, system = device(session.user_agent)
    return {
        "id": str(session.id),
        "device": named(session.user_agent),
        "icon": "smartphone" if system in PHONES else "monitor",
        "address": session.address,
        "seen": "active now" if session.is_current else f"seen {times.ago(session.last_seen_at, now)}",
        "seen_full": times.full(session.last_seen_at),
        "since": f"signed in {times.ago(session.created_at, now)}",
        "since_full": times.full(session.created_at),
        "is_current": "yes" if session.is_current else "",
    }
