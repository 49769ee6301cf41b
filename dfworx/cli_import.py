"""`python -m dfworx import …`: an archive of another product, beside the server and without it."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

if TYPE_CHECKING:
    from dfworx.imports.validators import NewRecords
    from dfworx.imports.views import ImportView, RecordsReport

app = typer.Typer(help="Bring in what a team already has.", no_args_is_help=True)


@app.command("zulip-archive")
def import_zulip_archive(
    path: Annotated[
        Path, typer.Argument(help="The folder that holds the streams' folders.", exists=True, file_okay=False)
    ],
    organization: Annotated[str, typer.Option(help="The organization's name in addresses, as in /o/NAME.")],
    realm: Annotated[str, typer.Option(help="Where it comes from, such as https://acme.zulipchat.com.")] = "",
) -> None:
    """Bring in an archive of Zulip's public archive tool; twice is as good as once."""
    from dfworx.infra import provision

    with provision.database() as _ready:
        done = asyncio.run(_import_zulip(path, provision.organization_id(organization), realm))
    _report(done)
    raise typer.Exit(0 if done.state == "done" and not done.report.skipped else 1)


async def _import_zulip(path: Path, organization_id: UUID, realm: str) -> "ImportView":
    from rich.progress import Progress

    from dfworx.imports import service as imports
    from dfworx.infra.database import dispose
    from dfworx.wiring import wire

    wire()
    try:
        with Progress(transient=True) as bar:
            task = bar.add_task("Importing", total=None)
            return await imports.zulip_archive(
                path, organization_id, lambda _, at, total: bar.update(task, completed=at, total=total), realm
            )
    finally:
        await dispose()


def _report(done: "ImportView") -> None:
    """What came in and what did not, in sentences."""
    summary = done.report
    typer.echo(f"{summary.messages} new messages in {summary.threads} threads of {summary.channels} channels.")
    typer.echo(f"{summary.files} files by {summary.authors} authors; {summary.known} messages were there already.")
    for broken in summary.broken:
        typer.echo(f"Skipped {broken.path}: {broken.reason}", err=True)
    if summary.skipped > len(summary.broken):
        typer.echo(f"Skipped {summary.skipped - len(summary.broken)} more.", err=True)
    if done.state != "done":
        typer.echo(f"It is {done.state}. {done.problem}".rstrip(), err=True)


@app.command("adr")
def import_adr(
    path: Annotated[Path, typer.Argument(help="The folder that holds the records.", exists=True, file_okay=False)],
    organization: Annotated[str, typer.Option(help="The organization's name in addresses, as in /o/NAME.")],
    channel: Annotated[str, typer.Option(help="Where their threads stand; made where there is none.")] = "decisions",
    folder: Annotated[str, typer.Option(help="What tells records of several projects apart.")] = "",
    *,
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would come in.")] = False,
) -> None:
    """Bring in decision records of adr-tools, MADR or log4brains; twice is as good as once."""
    from dfworx.imports.validators import NewRecords
    from dfworx.infra import provision

    new = NewRecords(channel=channel, folder=folder, preview=preview)
    with provision.database() as _ready:
        done = asyncio.run(_import_adr(path, provision.organization_id(organization), new))
    _say(done)
    raise typer.Exit(1 if done.broken else 0)


async def _import_adr(path: Path, organization_id: UUID, new: "NewRecords") -> "RecordsReport":
    from dfworx.core.actor import Actor
    from dfworx.imports import service_adr as records
    from dfworx.infra.database import dispose, transaction
    from dfworx.wiring import wire

    wire()
    found = await records.open_folder(path)
    try:
        async with transaction(Actor.system(organization_id)) as tx:
            return await records.bring_in(tx, found, new)
    finally:
        await dispose()


def _say(done: "RecordsReport") -> None:
    """Each record and what becomes of it, then how many came in."""
    for each in done.records:
        ref = f"DEC-{each.becomes}" if each.becomes else "draft"
        known = ", here already" if each.is_known else ""
        typer.echo(f"{ref}  {each.title} ({each.status}{known})")
        for note in each.notes:
            typer.echo(f"  {note}")
    for broken in done.broken:
        typer.echo(f"Skipped {broken.path}: {broken.reason}", err=True)
    verb = "would come in" if done.is_preview else "came in"
    typer.echo(f"{done.brought} {verb}, {done.known} were here already, {len(done.broken)} cannot be read.")
