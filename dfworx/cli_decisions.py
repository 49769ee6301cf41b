"""`python -m dfworx decisions …` and `ledger …`: what holds, for a pipeline, and whether it was altered."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from dfworx.infra.database import Tx

T = TypeVar("T")

app = typer.Typer(help="Ask which decisions hold.", no_args_is_help=True)
ledger_app = typer.Typer(help="The chain of what was decided.", no_args_is_help=True)

GOVERNED = 3  # exit code: some decision governs these files
Organization = Annotated[str, typer.Option(help="The organization's name in addresses, as in /o/NAME.")]


@app.command("applicable")
def applicable(
    paths: Annotated[list[str], typer.Argument(help="Files, from the root of the repository on.")],
    organization: Organization,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Name the accepted decisions that govern any of these files; exits with 0 when there are none, else with 3."""
    from dfworx.decisions import service_showing as showing

    found = _ask(organization, lambda tx: showing.applicable(tx, paths))
    if as_json:
        typer.echo(json.dumps([each.model_dump(mode="json") for each in found], indent=2))
    else:
        for each in found:
            typer.echo(f"{each.ref}  {each.title}")
    raise typer.Exit(GOVERNED if found else 0)


@app.command("export")
def export(
    folder: Annotated[Path, typer.Argument(help="Where the files go; made where it is missing.", file_okay=False)],
    organization: Organization,
) -> None:
    """Write the register as files, MADR 4 with front matter, and the ledger's head; other files stay as they are."""
    from dfworx.decisions import service_export

    files = _ask(organization, service_export.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files:
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    typer.echo(f"{len(files)} file{'' if len(files) == 1 else 's'} in {folder}.")


@ledger_app.command("verify")
def verify(organization: Organization) -> None:
    """Say the last digest, and name the first record that was altered; exits with 1 then."""
    from dfworx.decisions import service_ledger as ledger

    found = _ask(organization, ledger.verify)
    typer.echo(f"{found.entries} entries, {found.head or 'none yet'}")
    if found.reason:
        where = f" (entry {found.altered.position}, {found.altered.happened})" if found.altered else ""
        typer.echo(f"{found.reason}{where}", err=True)
        raise typer.Exit(1)


def _ask(organization: str, question: "Callable[[Tx], Awaitable[T]]") -> T:
    """Ask a service as the system of an organization."""
    from dfworx.infra import provision

    with provision.database() as _ready:
        return asyncio.run(_answer(organization, question))


async def _answer(organization: str, question: "Callable[[Tx], Awaitable[T]]") -> T:
    from dfworx.core.actor import Actor
    from dfworx.infra import provision
    from dfworx.infra.database import dispose, transaction

    try:
        async with transaction(Actor.system(provision.organization_id(organization))) as tx:
            return await question(tx)
    finally:
        await dispose()
