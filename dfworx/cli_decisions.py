"""`python -m dfworx decisions …` and `ledger …`: what holds, for a pipeline, and whether it was altered."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from dfworx.core.actor import Actor
    from dfworx.decisions.views import DecisionSummary
    from dfworx.imports.views_sync import SyncReport
    from dfworx.infra.database import Tx

T = TypeVar("T")

app = typer.Typer(help="Ask which decisions hold.", no_args_is_help=True)
ledger_app = typer.Typer(help="The chain of what was decided.", no_args_is_help=True)

GOVERNED = 3  # exit code: some decision governs these files
PRIVATE = "(a record of a private channel)"
Private = Annotated[bool, typer.Option("--private", help="Records of private channels, too.")]
Organization = Annotated[str, typer.Option(help="The organization's name in addresses, as in /o/NAME.")]


@app.command("applicable")
def applicable(
    paths: Annotated[list[str], typer.Argument(help="Files, from the root of the repository on.")],
    organization: Organization,
    *,
    private: Annotated[bool, typer.Option("--private", help="What records of private channels say, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Name the accepted decisions that govern any of these files; exits with 0 when there are none, else with 3."""
    from dfworx.decisions import service_showing as showing

    found: list[DecisionSummary]
    hidden: list[str] = []
    if private:
        found = _ask(organization, lambda tx: showing.applicable(tx, paths))
    else:
        found, hidden = _ask(organization, lambda tx: showing.applicable_openly(tx, paths))
    if as_json:
        refs = [{"ref": ref, "is_private": True} for ref in hidden]
        typer.echo(json.dumps([each.model_dump(mode="json") for each in found] + refs, indent=2))
    else:
        for ref, title in [(each.ref, each.title) for each in found] + [(ref, PRIVATE) for ref in hidden]:
            typer.echo(f"{ref}  {title}")
    raise typer.Exit(GOVERNED if found or hidden else 0)


@app.command("export")
def export(
    folder: Annotated[Path, typer.Argument(help="Where the files go; made where it is missing.", file_okay=False)],
    organization: Organization,
    *,
    private: Private = False,
) -> None:
    """Write the register as files, MADR 4 with front matter, and the ledger's head; other files stay as they are."""
    from dfworx.decisions import service_export

    files, left_out = _ask(organization, lambda tx: service_export.folder(tx, private=private))
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files:
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    typer.echo(f"{len(files)} file{'' if len(files) == 1 else 's'} in {folder}.")
    _tell_left_out(left_out)


@app.command("sync")
def sync(
    folder: Annotated[
        Path, typer.Argument(help="The folder of records in a working tree.", exists=True, file_okay=False)
    ],
    organization: Organization,
    channel: Annotated[
        str, typer.Option(help="Where threads of new records stand; made where there is none.")
    ] = "decisions",
    amend: Annotated[str, typer.Option(help="What the changed texts of closed records correct.")] = "",
    *,
    private: Private = False,
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would happen.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Keep a folder and the register in step, both ways; stops with 1, and changes nothing, where both sides did."""
    from dfworx.imports import service_sync as syncing
    from dfworx.imports.validators import NewSync

    new = NewSync(channel=channel, amend=amend, private=private, preview=preview)
    report = _do(organization, lambda actor: syncing.sync(actor, folder, new))
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    else:
        _tell(report)
    raise typer.Exit(1 if report.problems else 0)


def _tell(report: "SyncReport") -> None:
    """Each record that is not the same, then how many are; or what is in the way."""
    for problem in report.problems:
        typer.echo(f"{problem.path}: {problem.reason}", err=True)
    if report.problems:
        typer.echo("Nothing was changed, on neither side.", err=True)
        return
    for step in report.steps:
        typer.echo(f"{step.what:<10}  {step.file}  {' '.join(filter(None, (step.ref, step.title)))}")
    verb = "would change" if report.is_preview else "changed"
    typer.echo(f"{len(report.steps)} {verb}, {report.same} {'is' if report.same == 1 else 'are'} the same.")
    _tell_left_out(report.left_out)


def _tell_left_out(count: int) -> None:
    """How many records the folder does not get, and what would write them."""
    if count == 1:
        typer.echo("1 record of a private channel stays out; --private writes it.")
    elif count:
        typer.echo(f"{count} records of private channels stay out; --private writes them.")


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
    from dfworx.infra.database import transaction

    async def answer(actor: "Actor") -> T:
        async with transaction(actor) as tx:
            return await question(tx)

    return _do(organization, answer)


def _do(organization: str, verb: "Callable[[Actor], Awaitable[T]]") -> T:
    """Do something as the system of an organization."""
    from dfworx.infra import provision

    with provision.database() as _ready:
        return asyncio.run(_done(organization, verb))


async def _done(organization: str, verb: "Callable[[Actor], Awaitable[T]]") -> T:
    from dfworx.core.actor import Actor
    from dfworx.infra import provision
    from dfworx.infra.database import dispose
    from dfworx.wiring import wire

    wire()
    try:
        return await verb(Actor.system(provision.organization_id(organization)))
    finally:
        await dispose()
