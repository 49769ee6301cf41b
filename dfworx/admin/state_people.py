"""The people on the screen of whoever looks after them."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx
from pydantic import BaseModel

from dfworx.accounts import service as own_accounts
from dfworx.admin import service_accounts as accounts
from dfworx.admin import service_people as people
from dfworx.admin.validators import PeopleAsked, SessionsAsked
from dfworx.admin.views import OthersSessionView, OthersTokenView, PersonView
from dfworx.infra.database import Tx
from dfworx.ui import times
from dfworx.ui.admin import base
from dfworx.ui.avatars import hue, initials
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.table import Part, Row, Table


class AdminPeople(Table, rx.State):
    """Everybody, or the people of the organization."""

    _asks: ClassVar[type[BaseModel]] = PeopleAsked

    async def _fetch(self, tx: Tx, part: Part[PeopleAsked]) -> tuple[list[Row], str]:
        page = await people.page(tx, part.asked, UUID(part.after) if part.after else None)
        return [_row(person, tx.now) for person in page.items], str(page.next or "")

    @action("operator")
    async def load(self) -> None:
        """Show who the address asks for."""
        await self._open()

    @action("operator")
    async def more(self) -> None:
        """Show the following people."""
        await self._grow()

    @action("operator")
    async def narrow(self, name: str, value: str) -> Any:
        """Ask for others."""
        return self._narrow(name, value)


class AdminSessions(Table, rx.State):
    """Where people are signed in."""

    _asks: ClassVar[type[BaseModel]] = SessionsAsked

    async def _fetch(self, tx: Tx, part: Part[SessionsAsked]) -> tuple[list[Row], str]:
        page = await accounts.sessions(tx, part.asked, part.after or None)
        return [session_row(session, tx.now) for session in page.items], page.next or ""

    @action("operator")
    async def load(self) -> None:
        """Show those that the address asks for."""
        await self._open()

    @action("operator")
    async def more(self) -> None:
        """Show the following ones."""
        await self._grow()

    @action("operator")
    async def narrow(self, name: str, value: str) -> Any:
        """Ask for others."""
        return self._narrow(name, value)

    @action("operator")
    async def end(self, session_id: str) -> Any:
        """Sign somebody out there."""
        async with acting(self) as tx:
            await accounts.end_session(tx, UUID(session_id))
        self.rows = [row for row in self.rows if row["id"] != session_id]
        return toast("Signed out there.")


class AdminTokens(Table, rx.State):
    """Personal access tokens of others."""

    _asks: ClassVar[type[BaseModel]] = SessionsAsked

    async def _fetch(self, tx: Tx, part: Part[SessionsAsked]) -> tuple[list[Row], str]:
        page = await accounts.tokens(tx, part.asked, part.after or None)
        return [_token_row(token, tx.now) for token in page.items], page.next or ""

    @action("operator")
    async def load(self) -> None:
        """Show those that the address asks for."""
        await self._open()

    @action("operator")
    async def more(self) -> None:
        """Show the following ones."""
        await self._grow()

    @action("operator")
    async def narrow(self, name: str, value: str) -> Any:
        """Ask for others."""
        return self._narrow(name, value)

    @action("operator")
    async def end(self, token_id: str) -> Any:
        """End a token."""
        async with acting(self) as tx:
            await accounts.end_token(tx, UUID(token_id))
        self.rows = [row for row in self.rows if row["id"] != token_id]
        return toast("The token does not work any more.")


def session_row(session: OthersSessionView, now: datetime) -> Row:
    """Where somebody is signed in, in words."""
    return {
        "id": str(session.id),
        "href": f"{base()}/people/{session.user_id}",
        "name": session.name,
        "initials": initials(session.name),
        "hue": hue(str(session.user_id)),
        "email": session.email,
        "device": own_accounts.device_of(session.user_agent),
        "address": session.address,
        "seen": times.ago(session.last_seen_at, now),
        "seen_full": times.full(session.last_seen_at),
        "since": times.ago(session.created_at, now),
        "since_full": times.full(session.created_at),
        "is_current": "yes" if session.is_current else "",
    }


def _token_row(token: OthersTokenView, now: datetime) -> Row:
    return {
        "id": str(token.id),
        "href": f"{base()}/people/{token.user_id}",
        "name": token.name,
        "initials": initials(token.name),
        "hue": hue(str(token.user_id)),
        "email": token.email,
        "label": token.label,
        "scope": token.scope,
        "organization": token.organization or "wherever its person is",
        "used": times.ago(token.last_used_at, now) if token.last_used_at else "never",
        "used_full": times.full(token.last_used_at) if token.last_used_at else "",
        "until": times.day(token.expires_at),
        "until_full": times.full(token.expires_at),
        "is_server_admin": "",
        "is_deactivated": "",
    }


def _row(person: PersonView, now: datetime) -> Row:
    first, *others = [f"{each.role} of {each.organization}" for each in person.memberships] or ["in no organization"]
    return {
        "id": str(person.id),
        "href": f"{base()}/people/{person.id}",
        "name": person.name,
        "initials": initials(person.name),
        "hue": hue(str(person.id)),
        "email": person.email,
        "standing": f"{first}, {len(others)} more" if others else first,
        "seen": times.ago(person.last_seen_at, now) if person.last_seen_at else "never",
        "seen_full": times.full(person.last_seen_at) if person.last_seen_at else "",
        "since": times.day(person.created_at),
        "since_full": times.full(person.created_at),
        "is_server_admin": "yes" if person.is_server_admin else "",
        "is_deactivated": "yes" if person.deactivated_at else "",
        "is_unverified": "" if person.email_verified_at else "yes",
    }
