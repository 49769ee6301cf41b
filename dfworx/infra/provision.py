"""A database ready for use: the embedded one or an outside one, with roles and tables as this release needs them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from dfworx.infra import migrations, preflight
from dfworx.infra.postgres import EmbeddedPostgres
from dfworx.infra.settings import Settings, settings


@contextmanager
def database(*, migrate: bool = True) -> Iterator[Settings]:
    """Bring up the database and name it in the environment, for this process and its children."""
    if settings().database_url:
        preflight.check(settings(), embedded=False)
        if migrate:
            migrations.prepare(None, settings().migration_url)
        yield settings()
        return
    with EmbeddedPostgres(settings().data_dir) as postgres, _named(postgres):
        if migrate:
            migrations.prepare(postgres.url("postgres"), settings().migration_url)
        preflight.check(settings(), embedded=True)  # the login exists only now
        yield settings()


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
