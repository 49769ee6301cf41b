"""The doctor: looks at an installation, says what is wrong and what to do; nothing is changed."""

from collections.abc import Iterator
from contextlib import contextmanager

from dfworx.infra.doctor import database, machine, neighbors
from dfworx.infra.doctor.finding import Check, Finding, Level, examine
from dfworx.infra.postgres import EmbeddedPostgres, PostgresError
from dfworx.infra.settings import Settings, SettingsError, settings

__all__ = ["Finding", "Level", "findings"]

MACHINE: tuple[Check, ...] = (
    machine.python,
    machine.addresses,
    machine.proxies,
    machine.secret,
    machine.disk,
    machine.frontend_built,
    machine.server,
)
LOGINS = {"database_url": "dfworx_app", "database_direct_url": "dfworx_migrator", "dispatcher_url": "dfworx_dispatcher"}
NEIGHBORS: tuple[Check, ...] = (neighbors.valkey, neighbors.mail)


def findings() -> Iterator[Finding]:
    """Everything that was looked at, one after another; a database that is down ends nothing."""
    try:
        own = settings()
    except SettingsError as error:
        yield Finding("settings", Level.FAIL, str(error), "see docs/settings.md")
        return
    for check in MACHINE:
        yield from examine(check, own)
    with _database(own) as (reached, why):
        yield from why
        if reached is not None:
            yield from database.findings(reached)
    yield from examine(database.backups, own)
    for check in NEIGHBORS:
        yield from examine(check, own)


@contextmanager
def _database(own: Settings) -> Iterator[tuple[Settings | None, list[Finding]]]:
    """The settings with the addresses of a running database; an embedded one is joined, never started."""
    if own.database_url:
        yield own, []
        return
    postgres = EmbeddedPostgres(own.data_dir, backups=own.backups)
    if not postgres.cluster.data.exists():
        yield None, [Finding("database", Level.WARN, "there are no data yet", "start it: make run")]
        return
    if not postgres.is_running():
        said = f"the embedded database does not run (its log is {postgres.cluster.log})"
        yield None, [Finding("database", Level.FAIL, said, "start it: make run")]
        return
    try:
        postgres.start()
    except PostgresError as error:
        yield None, [Finding("database", Level.FAIL, str(error))]
        return
    logins = {
        "database_url": "dfworx_app",
        "database_direct_url": "dfworx_migrator",
        "dispatcher_url": "dfworx_dispatcher",
    }
    try:
        yield own.model_copy(update={name: postgres.url(login) for name, login in logins.items()}), []
    finally:
        postgres.stop()
