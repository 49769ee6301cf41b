"""The verbs of `python -m dfworx`: run, develop, test, measure, and look after an installation."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

from dfworx import cli_admin, cli_backup, cli_decisions, cli_import
from dfworx.core.errors import Refusal
from dfworx.infra import browser, frontend, logs, serving, supervision
from dfworx.infra.frontend import BuildError
from dfworx.infra.postgres import PostgresError
from dfworx.infra.serving import ServerError
from dfworx.infra.settings import SettingsError, settings, table

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
    checks = _checks()
    _build_frontend()
    passed = _reported(checks)
    code = _python("-m", "pytest", *(context.args or IN_PARALLEL))
    raise typer.Exit(code or int(not passed))


@app.command()
def check() -> None:
    """Lint, check types, import contracts and house rules; report all, fail on any."""
    if not _reported(_checks()):
        raise typer.Exit(1)


def _checks() -> dict[str, subprocess.Popen[str]]:
    """All checks, at work beside each other."""
    said: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return {
        name: subprocess.Popen([sys.executable, *command], cwd=frontend.ROOT, **said)
        for name, command in CHECKS.items()
    }


def _reported(checks: dict[str, subprocess.Popen[str]]) -> bool:
    """Whether all pass, when all have said what they found, one after the other."""
    for name, process in checks.items():
        typer.echo(f"check: {name}", err=True)
        typer.echo(process.communicate()[0], err=True, nl=False)
    failed = [name for name, process in checks.items() if process.returncode]
    if failed:
        typer.echo(f"check: failed: {', '.join(failed)}", err=True)
    return not failed


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
app.add_typer(cli_import.app, name="import")
app.add_typer(cli_decisions.app, name="decisions")
app.add_typer(cli_decisions.ledger_app, name="ledger")
app.command()(cli_backup.backup)
app.command()(cli_backup.restore)


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
    except (Refusal, ValidationError) as error:
        typer.echo(f"dfworx: {_why(error)}", err=True)
        sys.exit(1)


def _why(error: Refusal | ValidationError) -> str:
    if isinstance(error, Refusal):
        return " ".join([error.detail, *error.fields.values()])
    first = error.errors()[0]
    return ": ".join([*map(str, first["loc"]), first["msg"]])
