"""What the person sees of organizations: the switcher, the members, the invitations."""

from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import ValidationError

from dfworx.core.errors import Refusal
from dfworx.core.permissions import Role, Verb
from dfworx.core.texts import with_article
from dfworx.organizations import policies
from dfworx.organizations import service as organizations
from dfworx.organizations.validators import NewInvitation, OrganizationChange, RoleChange
from dfworx.organizations.views import InvitationView, MembershipView, OrganizationView
from dfworx.ui import times
from dfworx.ui.avatars import hue, initials
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.forms import said, typed
from dfworx.ui.identity import caller
from dfworx.ui.state import Shell

HERE = "members"  # what the sidebar marks as the place that one is in


class Organizations(rx.State):
    """The organization of the address, and the others that one can go to."""

    here: str = ""
    name: str = ""
    others: list[dict[str, str]] = []

    @rx.var
    def initial(self) -> str:
        """The letter of its mark."""
        return self.name[:1].upper()

    @action("member")
    async def load(self) -> None:
        """Show which organization this is, and the others."""
        async with acting(self) as tx:
            mine = await organizations.mine(tx)
        self._show(mine, caller.get().actor.organization)

    def _show(self, mine: list[OrganizationView], here: UUID) -> None:
        current = next(each for each in mine if each.id == here)
        self.here, self.name = current.slug, current.name
        self.others = [
            {"name": each.name, "href": f"/o/{each.slug}", "initial": each.name[:1].upper()}
            for each in mine
            if each.id != here
        ]


class Members(rx.State):
    """Who is in the organization, and who may join it by which link."""

    is_loaded: bool = False
    people: list[dict[str, str]] = []
    next: str = ""
    invitations: list[dict[str, str]] = []
    roles: list[str] = []

    @action("member")
    async def load(self) -> None:
        """Show the members, and to administrators the links."""
        actor = caller.get().actor
        self.roles = [role.value for role in Role if role is not Role.SYSTEM and policies.may_grant(actor, role)]
        async with acting(self) as tx:
            page = await organizations.members(tx)
            links = await organizations.invitations(tx) if actor.may(Verb.LIST_INVITATIONS) else []
            self.invitations = [_link(link, tx.now) for link in links if link.is_valid]
        self.people, self.next = [_person(member) for member in page.items], str(page.next or "")
        shell = await self.get_state(Shell)
        shell.place, self.is_loaded = HERE, True

    @action("member")
    async def more(self) -> None:
        """Show the following members."""
        async with acting(self) as tx:
            page = await organizations.members(tx, UUID(self.next))
        self.people, self.next = [*self.people, *map(_person, page.items)], str(page.next or "")

    @action("admin")
    async def change_role(self, membership_id: str, role: str) -> Any:
        """Give a member another role."""
        change = RoleChange.model_validate({"role": role})
        async with acting(self) as tx:
            member = await organizations.change_role(tx, UUID(membership_id), change)
        self.people = [{**each, "role": role} if each["id"] == membership_id else each for each in self.people]
        return toast(f"{member.name} is {with_article(role)} now.")

    @action("admin")
    async def revoke(self, invitation_id: str) -> Any:
        """Make a link useless."""
        async with acting(self) as tx:
            await organizations.revoke_invitation(tx, UUID(invitation_id))
        self.invitations = [each for each in self.invitations if each["id"] != invitation_id]
        return toast("The link does not work any more.")


class Asking(rx.State):
    """The dialogs of the members page: inviting, removing, leaving, another name."""

    is_inviting: bool = False
    link: str = ""
    is_removing: bool = False
    is_leaving: bool = False
    is_resetting: bool = False
    who: str = ""
    name: str = ""
    problem: str = ""
    name_problem: str = ""

    @action("member")
    async def close(self) -> None:
        """Close the dialogs."""
        self._close()

    @action("member")
    async def set_open(self, is_open: bool) -> None:
        """The dialog closed itself."""
        if not is_open:
            self._close()

    def _close(self) -> None:
        self.is_inviting = self.is_removing = self.is_leaving = self.is_resetting = False
        self.link = self.problem = ""

    @action("admin")
    async def ask_invite(self) -> None:
        """Open the dialog for a new link."""
        self.is_inviting, self.link, self.problem = True, "", ""

    @action("admin")
    async def invite(self, form: dict[str, Any]) -> Any:
        """Make a link and show it, this once."""
        try:
            async with acting(self) as tx:
                made = await organizations.invite(tx, typed(NewInvitation, form))
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return None
        self.link = made.link
        return Members.load

    @action("admin")
    async def ask_reset(self, membership_id: str, name: str) -> None:
        """Ask before a link is made that ends a member's sessions once it is used."""
        self.who, self.name, self.is_resetting, self.link = str(UUID(membership_id)), str(name), True, ""

    @action("admin")
    async def make_reset_link(self, _form: dict[str, Any]) -> None:
        """Make a link with which the member takes another password, and show it, this once."""
        async with acting(self) as tx:
            self.link = (await organizations.issue_reset_link(tx, UUID(self.who))).link

    @action("admin")
    async def ask_remove(self, membership_id: str, name: str) -> None:
        """Ask before removing a member."""
        self.who, self.name, self.is_removing = str(UUID(membership_id)), str(name), True

    @action("admin")
    async def remove(self, _form: dict[str, Any]) -> Any:
        """Remove the member; what they wrote stays."""
        self.is_removing = False
        async with acting(self) as tx:
            await organizations.remove(tx, UUID(self.who))
        return [Members.load, toast(f"{self.name} is no longer a member.")]

    @action("member")
    async def ask_leave(self) -> None:
        """Ask before leaving."""
        self.is_leaving, self.problem = True, ""

    @action("member")
    async def leave(self, _form: dict[str, Any]) -> Any:
        """Leave the organization."""
        self.is_leaving = False
        async with acting(self) as tx:
            await organizations.leave(tx)
        return rx.redirect("/", replace=True)

    @action("admin")
    async def rename(self, form: dict[str, Any]) -> Any:
        """Give the organization another name."""
        try:
            async with acting(self) as tx:
                await organizations.rename(tx, typed(OrganizationChange, form))
        except (ValidationError, Refusal) as error:
            self.name_problem = said(error)
            return None
        self.name_problem = ""
        return [Organizations.load, toast("The organization has its new name.")]


def _person(member: MembershipView) -> dict[str, str]:
    actor = caller.get().actor
    is_me = member.id == actor.membership_id
    may_change = actor.may(Verb.CHANGE_ROLE) and policies.may_grant(actor, member.role)
    return {
        "id": str(member.id),
        "name": member.name,
        "initials": initials(member.name),
        "hue": hue(str(member.id)),
        "email": member.email or "",
        "role": member.role.value,
        "joined": times.day(member.joined_at),
        "joined_full": times.full(member.joined_at),
        "is_me": "yes" if is_me else "",
        "may_change": "yes" if may_change else "",
        "may_reset": "yes" if may_change and not is_me and actor.may(Verb.ISSUE_RESET_LINK) and member.user_id else "",
        "may_remove": "yes" if may_change and not is_me and actor.may(Verb.REMOVE_MEMBER) else "",
    }


def _link(invitation: InvitationView, now: datetime) -> dict[str, str]:
    return {
        "id": str(invitation.id),
        "role": invitation.role.value,
        "uses": f"{invitation.uses} of {invitation.max_uses} used",
        "made": f"made {times.ago(invitation.created_at, now)}",
        "made_full": times.full(invitation.created_at),
        "ends": f"ends {times.ahead(invitation.expires_at, now)}",
        "ends_full": times.full(invitation.expires_at),
    }
