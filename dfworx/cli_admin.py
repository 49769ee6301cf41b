"""`python -m dfworx admin …`: what a server admin does, when nobody can sign in; beside the server and without it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dfworx.admin.views import PersonView
    from dfworx.infra.database import Tx

app = typer.Typer(
    help="Look after people when nobody can sign in. Everything is audited.", no_args_is_help=True, add_completion=False
)

Email = Annotated[str, typer.Argument(help="The address that the person signs in with.")]
Work = Callable[["Tx", "PersonView"], Awaitable[str]]


@app.command()
def people(words: Annotated[str, typer.Argument(help="Words of names or addresses.")] = "") -> None:
    """List who has an account."""

    async def listed(tx: "Tx") -> str:
        from dfworx.admin import service_people
        from dfworx.admin.validators import PeopleAsked

        lines, after = [], None
        while True:
            page = await service_people.page(tx, PeopleAsked(q=words), after)
            lines += [_line(person) for person in page.items]
            after = page.next
            if after is None:
                return "\n".join(lines) or "Nobody."

    _run(listed)


@app.command()
def grant(email: Email) -> None:
    """Make somebody a server admin."""

    async def granted(tx: "Tx", person: "PersonView") -> str:
        from dfworx.admin import service_accounts

        await service_accounts.make_server_admin(tx, person.id)
        return f"{person.name} is a server admin."

    _about(email, granted)


@app.command()
def revoke(email: Email) -> None:
    """Let somebody look after the server no more; the last one stays."""

    async def revoked(tx: "Tx", person: "PersonView") -> str:
        from dfworx.admin import service_accounts

        await service_accounts.unmake_server_admin(tx, person.id)
        return f"{person.name} is no server admin."

    _about(email, revoked)


@app.command("reset-link")
def reset_link(email: Email) -> None:
    """Print a link with which somebody takes another password; it works once, for four hours."""

    async def made(tx: "Tx", person: "PersonView") -> str:
        from dfworx.admin import service_accounts

        return (await service_accounts.issue_reset_link(tx, person.id)).link

    _about(email, made)


@app.command("sign-out")
def sign_out(email: Email) -> None:
    """End all sessions of somebody."""

    async def ended(tx: "Tx", person: "PersonView") -> str:
        from dfworx.admin import service_accounts

        await service_accounts.sign_out(tx, person.id)
        return f"{person.name} is signed out everywhere."

    _about(email, ended)


@app.command()
def deactivate(email: Email) -> None:
    """Let somebody in no more; what they wrote stays."""

    async def deactivated(tx: "Tx", person: "PersonView") -> str:
        from dfworx.admin import service_accounts

        await service_accounts.deactivate(tx, person.id)
        return f"{person.name} cannot sign in any more."

    _about(email, deactivated)


@app.command()
def reactivate(email: Email) -> None:
    """Let somebody sign in again."""

    async def reactivated(tx: "Tx", person: "PersonView") -> str:
        from dfworx.admin import service_accounts

        await service_accounts.reactivate(tx, person.id)
        return f"{person.name} can sign in again."

    _about(email, reactivated)


@app.command()
def role(
    email: Email,
    role: Annotated[str, typer.Argument(help="owner, admin, moderator, member or guest.")],
    organization: Annotated[str, typer.Option(help="The organization's name in addresses, as in /o/NAME.")],
) -> None:
    """Give a member of an organization another role."""

    async def changed(tx: "Tx", person: "PersonView") -> str:
        from dfworx.admin import service_organizations
        from dfworx.organizations.validators import RoleChange

        there = next((each for each in person.memberships if each.slug == organization), None)
        if there is None:
            raise typer.BadParameter(f"{person.name} is no member of {organization!r}")
        await service_organizations.change_role(tx, there.membership_id, RoleChange.model_validate({"role": role}))
        return f"{person.name} is {role} of {there.organization}."

    _about(email, changed)


@app.command("settings")
def show_settings() -> None:
    """List the settings that can be changed while the server runs, and where each value comes from."""

    async def listed(tx: "Tx") -> str:
        from dfworx.admin import service_settings

        views = await service_settings.every(tx)
        return "\n".join(f"{each.name} = {each.value}  ({each.source})" for each in views if each.is_changeable)

    _run(listed)


@app.command("set")
def change_setting(
    name: Annotated[str, typer.Argument(help="As `settings` lists it, such as registration.")],
    value: Annotated[str, typer.Argument(help="As the environment would have it.")],
) -> None:
    """Let a setting have another value, in every running process too."""

    async def changed(tx: "Tx") -> str:
        from dfworx.admin import service_settings
        from dfworx.admin.validators_settings import SettingChange

        view = await service_settings.change(tx, name, SettingChange(value=value))
        return f"{view.name} = {view.value}"

    _run(changed)


@app.command("reset")
def reset_setting(name: Annotated[str, typer.Argument(help="As `settings` lists it.")]) -> None:
    """Forget what a setting was changed to."""

    async def forgotten(tx: "Tx") -> str:
        from dfworx.admin import service_settings

        await service_settings.reset(tx, name)
        return f"{name} is again what it is without a change."

    _run(forgotten)


def _line(person: "PersonView") -> str:
    standing = ", ".join(f"{each.role} of {each.slug}" for each in person.memberships) or "in no organization"
    marks = [*(["server admin"] if person.is_server_admin else []), *(["deactivated"] if person.deactivated_at else [])]
    return f"{person.email}  {person.name}  ({'; '.join([standing, *marks])})"


def _about(email: str, work: Work) -> None:
    """Do something about the person with this address."""

    async def found(tx: "Tx") -> str:
        from dfworx.admin import service_people
        from dfworx.admin.validators import PeopleAsked

        page = await service_people.page(tx, PeopleAsked(q=email))
        person = next((each for each in page.items if each.email == email.strip().lower()), None)
        if person is None:
            raise typer.BadParameter(f"nobody signs in with {email!r}")
        return await work(tx, person)

    _run(found)


def _run(work: Callable[["Tx"], Awaitable[str]]) -> None:
    """One transaction as the server itself."""
    from dfworx.core.actor import Actor
    from dfworx.infra import provision
    from dfworx.infra.database import dispose, transaction
    from dfworx.wiring import wire

    async def done() -> str:
        wire()
        try:
            async with transaction(Actor.server()) as tx:
                return await work(tx)
        finally:
            await dispose()

    with provision.database():
        typer.echo(asyncio.run(done()))
