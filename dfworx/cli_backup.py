"""`python -m dfworx backup` and `restore`: the embedded database and what belongs to it, kept and brought back."""

from typing import TYPE_CHECKING, Annotated

import typer

from dfworx.infra.settings import SettingsError, settings

if TYPE_CHECKING:
    from dfworx.infra.backup_store import Store
    from dfworx.infra.postgres import EmbeddedPostgres


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
    from dfworx.infra.backup_store import Store
    from dfworx.infra.postgres import EmbeddedPostgres

    if settings().database_url:
        raise SettingsError("DFWORX_DATABASE_URL: back up an outside database with its provider's means, or pg_dump")
    postgres = EmbeddedPostgres(settings().data_dir, backups=settings().backups)
    return postgres, Store(settings().backups.expanduser().resolve(), postgres.cluster)
