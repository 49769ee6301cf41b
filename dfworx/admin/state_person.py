"""One person on the screen of whoever looks after them, and what can be done."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import reflex as rx

from dfworx.admin import service_accounts as accounts
from dfworx.admin import service_organizations as organizations
from dfworx.admin import service_people as people
from dfworx.admin.state_audit import audit_row
from dfworx.admin.state_people import session_row
from dfworx.admin.validators import SessionsAsked
from dfworx.admin.views import PersonView, StandingView
from dfworx.audit import service as audit
from dfworx.core.actor import Actor
from dfworx.core.errors import NotFound
from dfworx.core.permissions import Role, ServerVerb, Verb
from dfworx.infra.database import Tx
from dfworx.organizations.validators import RoleChange
from dfworx.ui import times
from dfworx.ui.admin import base
from dfworx.ui.avatars import hue, initials
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.identity import caller

RECENT = 20
MOST_MEMBERSHIPS = 20  # of which the audit is asked


class AdminPerson(rx.State):
    """The person of the address."""

    is_loaded: bool = False
    is_missing: bool = False
    person: dict[str, str] = {}
    memberships: list[dict[str, str]] = []
    sessions: list[dict[str, str]] = []
    events: list[dict[str, str]] = []
    roles: list[str] = []
    asking: str = ""  # what is about to be done: sign out, deactivate, make, unmake, reset
    link: str = ""

    @action("operator")
    async def load(self) -> None:
        """Show the person."""
        self.is_loaded, self.asking, self.link = False, "", ""
        async with acting(self) as tx:
            await self._show(tx)

    @action("operator")
    async def ask(self, what: str) -> None:
        """Ask before it is done."""
        self.asking, self.link = str(what), ""

    @action("operator")
    async def set_asking(self, is_asking: bool) -> None:
        """The dialog closed itself, or Cancel did."""
        if not is_asking:
            self.asking = self.link = ""

    @action("operator")
    async def close(self) -> None:
        """Close the dialog."""
        self.asking = self.link = ""

    @action("operator")
    async def confirm(self, _form: dict[str, Any]) -> Any:
        """Do what was asked about."""
        what, whom = self.asking, UUID(self.person["id"])
        async with acting(self) as tx:
            if what == "reset":
                self.link = (await accounts.issue_reset_link(tx, whom)).link
                return None
            await VERBS[what](tx, whom)
        self.asking = ""
        if whom == caller.get().actor.user_id:
            return None  # the page loads anew by itself, and differently
        async with acting(self) as tx:
            await self._show(tx)
        return toast(DONE[what].format(self.person["name"]))

    @action("operator")
    async def end(self, session_id: str) -> Any:
        """End one session."""
        async with acting(self) as tx:
            await accounts.end_session(tx, UUID(session_id))
        self.sessions = [each for each in self.sessions if each["id"] != session_id]
        return toast("Signed out there.")

    @action("operator")
    async def change_role(self, membership_id: str, role: str) -> Any:
        """Give the person another role in an organization."""
        change = RoleChange.model_validate({"role": role})
        async with acting(self) as tx:
            await organizations.change_role(tx, UUID(membership_id), change)
        async with acting(self) as tx:
            await self._show(tx)
        return toast(f"{self.person['name']} has the role {role} now.")

    async def _show(self, tx: Tx) -> None:
        try:
            person = await people.get(tx, UUID(urlsplit(caller.get().path).path.rstrip("/").rpartition("/")[2]))
        except (NotFound, ValueError):
            self.is_missing = self.is_loaded = True
            return
        actor = tx.actor
        is_reached = person.id != actor.user_id and await accounts.is_reached(tx, person.id)
        asked = SessionsAsked(user_id=person.id)
        living = (await accounts.sessions(tx, asked)).items if not person.deactivated_at else []
        self.sessions = [session_row(each, tx.now) for each in living]
        is_owner = actor.may(ServerVerb.CHANGE_ROLE) if actor.role is None else actor.may(Verb.GRANT_OWNERSHIP)
        self.roles = [r.value for r in Role if r is not Role.SYSTEM and (is_owner or r is not Role.OWNER)]
        self.memberships = [_standing(each, actor, is_owner=is_owner) for each in person.memberships]
        self.person = _shown(person, tx.now) | {
            "is_reached": "yes" if is_reached else "",
            "is_me": "yes" if person.id == actor.user_id else "",
            "on_server": "yes" if actor.organization_id is None else "",
        }
        await self._recall(tx, person)
        self.is_missing, self.is_loaded = False, True

    async def _recall(self, tx: Tx, person: PersonView) -> None:
        """What happened lately: by the person or about them."""
        known_as = [each.membership_id for each in person.memberships[:MOST_MEMBERSHIPS]]
        events = await audit.concerning(tx, person.id, known_as, RECENT)
        self.events = [audit_row(event, {}) for event in events]
        about = person.id if tx.actor.organization_id is None else known_as[0]
        self.person |= {"by_to": f"{base()}/audit?user_id={person.id}", "about_to": f"{base()}/audit?about={about}"}


VERBS = {
    "sign out": accounts.sign_out,
    "deactivate": accounts.deactivate,
    "reactivate": accounts.reactivate,
    "make": accounts.make_server_admin,
    "unmake": accounts.unmake_server_admin,
}
DONE = {
    "sign out": "{} is signed out everywhere.",
    "deactivate": "{} cannot sign in any more.",
    "reactivate": "{} can sign in again.",
    "make": "{} looks after the server now.",
    "unmake": "{} does not look after the server any more.",
}


def _standing(standing: StandingView, actor: Actor, *, is_owner: bool) -> dict[str, str]:
    is_mine = standing.membership_id == actor.membership_id
    return {
        "id": str(standing.membership_id),
        "organization": standing.organization,
        "slug": standing.slug,
        "role": standing.role.value,
        "may_change": "" if is_mine or (standing.role is Role.OWNER and not is_owner) else "yes",
    }


def _shown(person: PersonView, now: datetime) -> dict[str, str]:
    return {
        "id": str(person.id),
        "name": person.name,
        "initials": initials(person.name),
        "hue": hue(str(person.id)),
        "email": person.email,
        "verified": "confirmed" if person.email_verified_at else "not confirmed",
        "seen": times.ago(person.last_seen_at, now) if person.last_seen_at else "never",
        "seen_full": times.full(person.last_seen_at) if person.last_seen_at else "",
        "since": times.day(person.created_at),
        "since_full": times.full(person.created_at),
        "is_server_admin": "yes" if person.is_server_admin else "",
        "deactivated": times.day(person.deactivated_at) if person.deactivated_at else "",
    }
