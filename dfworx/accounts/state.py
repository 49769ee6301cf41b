"""What the person sees of accounts: the way in, the own account, and where one is signed in."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import ValidationError

from dfworx.accounts import service as accounts
from dfworx.accounts.validators import AccountChange
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

BROWSERS = (
    ("Edge", r"\bEdgA?/"), ("Opera", r"\bOPR/"), ("Samsung Internet", r"\bSamsungBrowser/"), ("Vivaldi", r"\bVivaldi/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"), ("Chrome", r"(Chrome|CriOS)/"), ("Chromium", r"\bChromium/"),
    ("Safari", r"\bSafari/"), ("curl", r"^curl/"), ("a Python script", r"^(python|aiohttp)"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("macOS", "Mac OS X|Macintosh"), ("ChromeOS", "CrOS"), ("Linux", "Linux"),
)  # fmt: skip
PHONES = {"Android", "iPhone", "iPad"}


class Entrance(rx.State):
    """The page where one signs in."""

    next: str = ""
    is_open: bool = False

    @action("anyone")
    async def load(self) -> Any:
        """Remember where the person wanted to go; nobody signs in twice, or before there is an account."""
        self.next, self.is_open = local(asked("next")) or "", settings().registration == "open"
        if caller.get().actor.is_person:
            return rx.redirect(self.next or "/", replace=True)
        async with acting(self) as tx:
            setup = await accounts.setup(tx)
        return rx.redirect("/setup", replace=True) if setup.is_needed else None


class Account(rx.State):
    """The own account."""

    is_loaded: bool = False
    name: str = ""
    email: str = ""
    since: str = ""
    problem: str = ""
    notice: str = ""
    sessions: list[dict[str, str]] = []

    @action("person")
    async def load(self) -> None:
        """Show the account and its sessions."""
        async with acting(self) as tx:
            account, sessions = await accounts.get(tx), await accounts.sessions(tx)
        self.name, self.email, self.since = account.name, account.email, times.day(account.created_at)
        self.sessions = [_shown(session, tx.now) for session in sessions]
        self.notice = "Your password is changed. Other browsers were signed out." if asked("changed") else ""
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
    browser, system = device(session.user_agent)
    return {
        "id": str(session.id),
        "device": f"{browser} on {system}" if system else browser,
        "icon": "smartphone" if system in PHONES else "monitor",
        "address": session.address,
        "seen": "active now" if session.is_current else f"seen {times.ago(session.last_seen_at, now)}",
        "seen_full": times.full(session.last_seen_at),
        "since": f"signed in {times.ago(session.created_at, now)}",
        "since_full": times.full(session.created_at),
        "is_current": "yes" if session.is_current else "",
    }


def device(user_agent: str) -> tuple[str, str]:
    """The browser and the system that a user agent names, in words."""
    browser = next((name for name, mark in BROWSERS if re.search(mark, user_agent)), "An unknown browser")
    system = next((name for name, mark in SYSTEMS if re.search(mark, user_agent)), "")
    return browser, system
