"""The verbs of `python -m dfworx`: run, develop, test, measure, and look after an installation."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn
from uuid import UUID

import typer

from dfworx import cli_admin
from dfworx.infra import browser, frontend, logs, serving, supervision
from dfworx.infra.frontend import BuildError
from dfworx.infra.postgres import PostgresError
from dfworx.infra.serving import ServerError
from dfworx.infra.settings import SettingsError, settings, table

if TYPE_CHECKING:
    from dfworx.imports.views import ImportView
    from dfworx.infra.backup import Store
    from dfworx.infra.postgres import EmbeddedPostgres

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

CHECKS = {
    "ruff": ["-m", "ruff", "check"],
    "format": ["-m", "ruff", "format", "--check", "--quiet"],
    "types": ["-m", "mypy"],
    "contracts": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "house rules": ["-m", "tests.lints"],
}
IN_PARALLEL = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadgroup"]  # each process has a database of its own
LOCKING = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-strip-extras", "--quiet"]
LOCKS = {
    "requirements.txt": [],
    "requirements-dev.txt": ["--extra", "dev", "-c", "requirements.txt"],
}


@app.command()
def run() -> None:
    """Start everything: database, migrations, front end, server. Ctrl-C stops it."""
    from dfworx.infra import provision  # the imports of a database take their time; other verbs need none

    logs.configure()
    serving.must_be_free(settings())
    kept: list[supervision.Kept] = []
    with _until_stopped(), provision.database(kept=kept) as ready, ExitStack() as started:
        _build_frontend()
        kept.append(started.enter_context(serving.server(ready)))
        if ready.workers > 1:
            kept.append(started.enter_context(serving.worker()))
        typer.echo(f"DFWorX is at {ready.origin}")
        typer.echo(f"Its data are in {ready.data_dir}")
        supervision.keep(kept)


@app.command()
def serve() -> None:
    """Start a server on what is built and migrated already; several share a database and Valkey. Ctrl-C stops it."""
    from dfworx.infra import provision

    logs.configure()
    serving.must_be_free(settings())
    if not frontend.is_built():
        raise BuildError("The front end is not built, or from other sources: python -m dfworx build")
    kept: list[supervision.Kept] = []
    with _until_stopped(), provision.database(migrate=False, kept=kept) as ready, serving.server(ready) as server:
        typer.echo(f"A server of {ready.origin} listens on {ready.host}:{ready.port}")
        supervision.keep([*kept, server])


@app.command()
def worker() -> None:
    """Empty the outbox and do jobs, beside several server processes. Ctrl-C stops it."""
    from dfworx import worker as process
    from dfworx.infra import provision

    logs.configure()
    with _until_stopped(), provision.database(migrate=False):
        asyncio.run(process.alone())


@app.command()
def migrate() -> None:
    """Bring the database up to this release; servers of the former release may run meanwhile."""
    from dfworx.infra import migrations, provision

    with provision.database():
        typer.echo(f"The database is at migration {migrations.head()}.")


@app.command()
def build() -> None:
    """Build the front end if its sources have changed."""
    _build_frontend()


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,  # noqa: FBT002  # an option
) -> None:
    """Say what is wrong with this installation and what to do; nothing is changed. 1 when something fails."""
    from dfworx.infra import doctor as doctors

    found = []
    for finding in doctors.findings():
        found.append(finding)
        if not as_json:
            typer.echo(finding)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in found], indent=1, ensure_ascii=False))
    raise typer.Exit(any(finding.level is doctors.Level.FAIL for finding in found))


@app.command()
def dev() -> None:
    """Start everything with hot reload of the server and of the pages."""
    from dfworx.infra import provision

    serving.must_be_free(settings())
    with _until_stopped(), provision.database() as ready:
        typer.echo(f"Its data are in {ready.data_dir}; the address follows.")
        _run_reflex(ready.port, serving.free_port())


def _run_reflex(port: int, backend_port: int) -> None:
    ports = ["--frontend-port", str(port), "--backend-port", str(backend_port), "--backend-host", "127.0.0.1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "reflex", "run", *ports],
        cwd=frontend.ROOT,
        env=frontend.environment() | {"DFWORX_DEV_BACKEND_PORT": str(backend_port)},
        start_new_session=True,
    )
    try:
        process.wait()
    finally:
        serving.stop(process)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def test(
    context: typer.Context,
    on: Annotated[
        list[str] | None, typer.Option(help="Only what is about the database, on another one: supabase, pooler, 15.")
    ] = None,  # noqa: PT028  # a verb, not a test
) -> None:
    """Check, build, and run every test; further arguments go to pytest."""
    if on:
        codes = [_python("-m", "pytest", *IN_PARALLEL, "--on", each, *context.args) for each in on]
        raise typer.Exit(max(codes))
    os.environ["DFWORX_CHROMIUM"] = browser.find()
    failed = not _check()
    _build_frontend()
    code = _python("-m", "pytest", *(context.args or IN_PARALLEL))
    raise typer.Exit(code or int(failed))


@app.command()
def check() -> None:
    """Lint, check types, import contracts and house rules; report all, fail on any."""
    if not _check():
        raise typer.Exit(1)


def _check() -> bool:
    failed = [name for name, command in CHECKS.items() if not _passes(name, command)]
    if failed:
        typer.echo(f"check: failed: {', '.join(failed)}", err=True)
    return not failed


def _passes(name: str, command: Sequence[str]) -> bool:
    typer.echo(f"check: {name}", err=True)
    return _python(*command) == 0


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def bench(context: typer.Context) -> None:
    """Measure: live delivery, durable sends, memory, opening a thread."""
    raise typer.Exit(_python("-m", "tests.bench", *context.args))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def drill(context: typer.Context) -> None:
    """Kill, fill, cut and delay what we depend on, under load, and count what is lost."""
    _build_frontend()
    raise typer.Exit(_python("-m", "tests.drills", *context.args))


app.add_typer(cli_admin.app, name="admin")
bring = typer.Typer(help="Bring in what a team already has.", no_args_is_help=True)
app.add_typer(bring, name="import")


@bring.command("zulip-archive")
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
    with Progress(transient=True) as bar:
        task = bar.add_task("Importing", total=None)
        done = await imports.zulip_archive(
            path, organization_id, lambda _, at, total: bar.update(task, completed=at, total=total), realm
        )
    await dispose()
    return done


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


@app.command()
def backup(
    name: Annotated[str, typer.Option(help="Name this moment, to come back to it: before-upgrade.")] = "",
    keep: Annotated[int, typer.Option(min=1, help="How many backups to keep.")] = 7,
    list_: Annotated[bool, typer.Option("--list", help="Show what there is, and make nothing.")] = False,  # noqa: FBT002  # an option
) -> None:
    """Copy the embedded database and what belongs to it; works while the server runs."""
    from dfworx.infra import backup as backups

    postgres, store = _embedded()
    if list_:
        for made in store.all():
            typer.echo(f"{made.finished_at:%Y-%m-%dT%H:%M:%S%z}  {made.folder}  {made.bytes / 1e6:.0f} MB")
        for point, at in store.points().items():
            typer.echo(f"{at:%Y-%m-%dT%H:%M:%S%z}  {point}")
        return
    with postgres:
        made = backups.make(postgres, store)
        if name:
            backups.mark(postgres, store, name)
    for folder in store.forget_all_but(keep):
        typer.echo(f"Removed {folder}.")
    typer.echo(
        f"{store.folder / made.folder}: {made.bytes / 1e6:.0f} MB, verified. Any moment from now on can be had back."
    )


@app.command()
def restore(
    to: Annotated[str, typer.Option(help="A time (2026-11-23T14:05), a name, or `latest`.")],
) -> None:
    """Bring the embedded database back as it was; what is there now is moved aside. The server must be stopped."""
    from dfworx.infra import backup as backups

    postgres, store = _embedded()
    done = backups.restore(postgres, store, to)
    for table_name, many in done.rows.items():
        typer.echo(f"{many:>12,}  {table_name}")
    typer.echo(f"Restored from {done.base} to {to}; every row was read.")
    if done.aside:
        typer.echo(f"What was there before is in {done.aside}: remove it when you are content.")


def _embedded() -> tuple["EmbeddedPostgres", "Store"]:
    from dfworx.infra.backup import Store
    from dfworx.infra.postgres import EmbeddedPostgres

    if settings().database_url:
        raise SettingsError("DFWORX_DATABASE_URL: back up an outside database with its provider's means, or pg_dump")
    postgres = EmbeddedPostgres(settings().data_dir, backups=settings().backups)
    return postgres, Store(settings().backups.expanduser().resolve(), postgres.cluster)


@app.command("settings")
def show_settings() -> None:
    """Print the table of settings that stands in docs/settings.md."""
    typer.echo(table(), nl=False)


@app.command("permissions")
def show_permissions() -> None:
    """Print docs/permissions.md: who may do what, from the code that decides it."""
    from dfworx.infra import access

    typer.echo(access.page(), nl=False)


@app.command()
def lock() -> None:
    """Write requirements.txt and requirements-dev.txt anew from pyproject.toml."""
    for target, extra in LOCKS.items():
        if code := _python("-m", "uv", "pip", "compile", *LOCKING, *extra, "pyproject.toml", "-o", target):
            raise typer.Exit(code)


@app.command()
def roles() -> None:
    """Print the SQL that an administrator of an outside database runs once."""
    from dfworx.infra import migrations

    typer.echo(migrations.ROLES_SQL.read_text(), nl=False)


@app.command("new-slice")
def new_slice(name: str) -> None:
    """Write the files of a new slice: a table, its rules, its verbs, its routes and its tests."""
    from dfworx.infra import scaffold

    for path in scaffold.write_slice(name):
        typer.echo(path)
    typer.echo(scaffold.what_is_left(name))


def _python(*arguments: str) -> int:
    return subprocess.run([sys.executable, *arguments], cwd=frontend.ROOT, check=False).returncode


def _build_frontend() -> None:
    if not frontend.is_built():
        typer.echo("Building the front end …", err=True)
    frontend.build()


@contextmanager
def _until_stopped() -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal end the block in order; a second one does not disturb that."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    for each in signals:
        signal.signal(each, stop)
    with suppress(KeyboardInterrupt):
        yield


def main() -> None:
    """Run a verb; what an operator can mend is one line, never a traceback."""
    try:
        app()
    except (SettingsError, PostgresError) as error:
        typer.echo(f"dfworx: {error}", err=True)
        sys.exit(2)
    except (BuildError, ServerError) as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
