"""What the person sees of the ways in."""

from typing import Any
from urllib.parse import quote

import reflex as rx
from pydantic import ValidationError

from dfworx.accounts import service as accounts
from dfworx.core.errors import Refusal
from dfworx.core.texts import with_article
from dfworx.infra.settings import settings
from dfworx.organizations import service as organizations
from dfworx.organizations import service_arriving as arriving
from dfworx.organizations.errors import InvitationNeeded, InvitationNotValid
from dfworx.organizations.validators import NewOrganization, slug_of
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.forms import said, typed
from dfworx.ui.identity import caller
from dfworx.ui.refused import asked


class Arrival(rx.State):
    """The ways in: the first run, registration, an invitation, and the front door, which leads everybody on."""

    is_loaded: bool = False
    homes: list[str] = []
    slug: str = ""
    token: str = ""
    organization: str = ""
    role: str = ""
    next: str = ""
    problem: str = ""
    is_person: bool = False
    person: str = ""

    @action("anyone")
    async def go_on(self) -> Any:
        """The front door: to the first run, to signing in, or to the organization used last."""
        actor = caller.get().actor
        async with acting(self) as tx:
            if not actor.is_person:
                setup = await accounts.setup(tx)
                return rx.redirect("/setup" if setup.is_needed else "/sign-in", replace=True)
            self.homes = [f"/o/{each.slug}" for each in await organizations.mine(tx)]
        return None if self.homes else rx.redirect("/organizations/new", replace=True)

    @action("anyone")
    async def set_up(self) -> Any:
        """The first run happens once."""
        self.slug = ""
        async with acting(self) as tx:
            setup = await accounts.setup(tx)
        return None if setup.is_needed else rx.redirect("/", replace=True)

    @action("anyone")
    async def hint(self, name: str) -> None:
        """Show the address that an organization of this name will have."""
        self.slug = slug_of(str(name)[:200]) if str(name).strip() else ""

    @action("anyone")
    async def register(self) -> Any:
        """Whether one may register: by an invitation, or freely."""
        self.token = asked("invitation")
        if caller.get().actor.is_person:
            return rx.redirect(f"/join/{quote(self.token)}" if self.token else "/", replace=True)
        self.problem = "" if self.token or settings().registration == "open" else InvitationNeeded.title
        if self.token:
            await self._look()
        self.next = f"/join/{quote(self.token)}?organization={self.slug}" if self.token else "/"
        self.is_loaded = True
        return None

    @action("anyone")
    async def join(self) -> Any:
        """Who invites, to what; members go straight in."""
        self.token, self.problem = str(self.router.url.path).rpartition("/")[2], ""
        actor = caller.get().actor
        await self._look()
        self.is_person, self.person, self.is_loaded = actor.is_person, actor.name, True
        if actor.is_person:
            async with acting(self) as tx:
                slugs = {each.slug for each in await organizations.mine(tx)}
            for slug in {self.slug, asked("organization")} & slugs:
                return rx.redirect(f"/o/{slug}", replace=True)
        return None

    @action("person")
    async def accept(self) -> Any:
        """Join."""
        async with acting(self) as tx:
            organization = await arriving.accept(tx, self.token)
        return [toast(f"Welcome to {organization.name}."), rx.redirect(f"/o/{organization.slug}", replace=True)]

    @action("person")
    async def found(self, form: dict[str, Any]) -> Any:
        """Create an organization and go there."""
        try:
            async with acting(self) as tx:
                organization = await organizations.create(tx, typed(NewOrganization, form))
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return None
        return rx.redirect(f"/o/{organization.slug}", replace=True)

    @action("person")
    async def begin(self) -> None:
        """An empty form for a new organization."""
        self.slug = self.problem = ""

    async def _look(self) -> None:
        try:
            async with acting(self) as tx:
                found = await arriving.look(tx, self.token)
        except InvitationNotValid as refusal:
            self.organization = self.slug = self.role = ""
            self.problem = refusal.detail
            return
        self.organization, self.slug, self.role = (
            found.organization_name,
            found.organization_slug,
            with_article(found.role),
        )
