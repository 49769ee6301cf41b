"""A database ready for use: the embedded one or an outside one, with roles and tables as this release needs them."""

import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from dfworx.infra import migrations, preflight
from dfworx.infra.postgres import EmbeddedPostgres
from dfworx.infra.settings import Settings, SettingsError, settings
from dfworx.infra.supervision import Kept

log = logging.getLogger(__name__)


@contextmanager
def database(*, migrate: bool = True, kept: list[Kept] | None = None) -> Iterator[Settings]:
    """Bring up the database and name it in the environment, for this process and its children.

    An embedded one is added to what the caller keeps running.
    """
    if settings().database_url:
        _warn(preflight.check(settings(), embedded=False))
        if migrate:
            migrations.prepare(None, settings().migration_url)
        preflight.check_dispatcher(settings().dispatcher_url)
        yield settings()
        return
    with EmbeddedPostgres(settings().data_dir, backups=settings().backups) as postgres, _named(postgres):
        if migrate:
            migrations.prepare(postgres.url("postgres"), settings().migration_url)
        if kept is not None:
            kept.append(postgres)
        _warn(preflight.check(settings(), embedded=True))  # the login exists only now
        yield settings()


def _warn(warnings: Iterable[str]) -> None:
    for warning in warnings:
        log.warning(warning)


@contextmanager
def _named(postgres: EmbeddedPostgres) -> Iterator[None]:
    names = {
        "DFWORX_DATABASE_URL": postgres.url("dfworx_app"),
        "DFWORX_DATABASE_DIRECT_URL": postgres.url("dfworx_migrator"),
        "DFWORX_DISPATCHER_URL": postgres.url("dfworx_dispatcher"),
    }
    os.environ.update(names)
    settings.cache_clear()
    try:
        yield
    finally:
        for name in names:
            os.environ.pop(name, None)
        settings.cache_clear()


def organization_id(slug: str) -> UUID:
    """The organization of a name in addresses, asked as the owner of the schema: the command line has no session."""
    engine = create_engine(settings().migration_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("set local role dfworx_owner"))
        found = connection.execute(
            text("select id from dfworx.organizations where slug = :slug"), {"slug": slug}
        ).scalar_one_or_none()
    if not isinstance(found, UUID):
        raise SettingsError(f"--organization: there is no organization of the name {slug!r}")
    return found
