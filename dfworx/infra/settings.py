"""Settings: environment variables named DFWORX_*, each described once, here; docs/settings.md is generated from it."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, Self

import limits
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104  # what an operator may type
HIDDEN = {
    "secret",
    "metrics_token",
    "database_url",
    "database_direct_url",
    "dispatcher_url",
    "valkey_url",
    "smtp_url",
}  # may hold a password
# What server admins may change while the server runs; the environment wins over them.
CHANGEABLE = (
    "registration",
    "session_idle_days",
    "session_days",
    "mail_from",
    "rate_sign_in_account",
    "rate_sign_in_address",
    "rate_register_address",
    "rate_write",
    "rate_read",
    "log_level",
    "slow_query_ms",
)
AS_ROOT_DATA_DIR = Path("/var/lib/dfworx")


def _default_data_dir() -> Path:
    """A private folder; as root one that the database's service account can reach."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return AS_ROOT_DATA_DIR
    return Path.home() / ".local" / "share" / "dfworx"


class SettingsError(Exception):
    """A wrong setting, as one line that names the variable."""


class Settings(BaseSettings):
    """What an operator can set; every default suits one machine and one team."""

    model_config = SettingsConfigDict(env_prefix="DFWORX_", extra="ignore")

    env: Literal["development", "production", "test"] = Field(
        "development", description="`production` refuses unsafe configurations at start."
    )
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="The port to listen on.")
    public_url: str = Field(
        "",
        description="The address that people type, such as `https://talk.acme.example`; empty: http on host and port.",
    )
    data_dir: Path = Field(
        default_factory=_default_data_dir, description="The embedded database, the secret and logs live here."
    )
    backup_dir: Path | None = Field(
        None,
        description="Where backups of the embedded database go, best on another disk; empty: `backups` in the data.",
    )
    database_url: str = Field(
        "", description="An outside Postgres 15 or newer; empty: the embedded one. A login without superuser rights."
    )
    database_direct_url: str = Field(
        "",
        description="For migrations, past a transaction pooler and as a login that owns the schema; empty: the same.",
    )
    dispatcher_url: str = Field(
        "",
        description="The database for the dispatcher and jobs, past a pooler, as a login of its own; empty: the same.",
    )
    database_pooler: Literal["none", "transaction"] = Field(
        "none", description="`transaction` when the database is reached through a transaction pooler."
    )
    database_pool_size: int = Field(10, ge=1, le=200, description="Database connections kept open by one process.")
    workers: int = Field(1, ge=1, le=64, description="Server processes; more than one needs `DFWORX_VALKEY_URL`.")
    valkey_url: str = Field(
        "", description="A Valkey (or Redis) that several processes share, such as `redis://:password@host:6379/0`."
    )
    secret: str = Field(
        "", description="Signs session cookies; empty: made at first start, kept in the data directory."
    )
    smtp_url: str = Field(
        "",
        description="Sends mail, such as `smtp://login:password@host:587`; `smtps` is TLS from the start; empty: none.",
    )
    mail_from: str = Field("DFWorX <dfworx@localhost>", description="The sender of mail.")
    log_format: Literal["auto", "json", "console"] = Field(
        "auto", description="How lines of the log are written; `auto`: words on a terminal, else JSON."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What the log leaves out; `info` has a line for each request, `debug` for files too."
    )
    slow_query_ms: int = Field(500, ge=1, le=60_000, description="A query that takes longer is a line of the log.")
    metrics_token: str = Field(
        "", description="Whoever shows it as `Authorization: Bearer` may read `/metrics`; empty: this machine alone."
    )
    registration: Literal["invitation", "open"] = Field(
        "invitation", description="Who can make an account: those with an invitation link, or everybody."
    )
    session_idle_days: int = Field(30, ge=1, le=365, description="A session unused for so many days ends.")
    session_days: int = Field(90, ge=1, le=365, description="A session ends after so many days in any case.")
    trusted_proxies: int = Field(0, ge=0, le=5, description="How many proxies stand in front and set X-Forwarded-For.")
    argon2_memory_mib: int = Field(46, ge=19, le=1024, description="Memory of one password hash, in MiB.")
    argon2_rounds: int = Field(1, ge=1, le=10, description="Rounds of one password hash.")
    rate_sign_in_account: str = Field(
        "10/15 minutes", description="Failed sign-ins for one account (syntax of the `limits` library)."
    )
    rate_sign_in_address: str = Field("50/15 minutes", description="Failed sign-ins from one address.")
    rate_register_address: str = Field("20/hour", description="Registrations from one address.")
    import_max_mb: int = Field(1000, ge=1, le=100_000, description="The largest archive that may be uploaded, in MB.")
    rate_write: str = Field("300/minute", description="Changing requests of one person.")
    rate_read: str = Field("3000/minute", description="Reading requests of one person or address.")

    @field_validator("database_url", "database_direct_url", "dispatcher_url")
    @classmethod
    def _is_postgres(cls, url: str) -> str:
        """One driver, however the address was written."""
        if not url:
            return url
        scheme, separator, rest = url.partition("://")
        if scheme not in {"postgres", "postgresql", "postgresql+psycopg"} or not separator:
            raise PydanticCustomError("url", "must look like postgresql://login:password@host/database")
        return f"postgresql+psycopg://{rest}"

    @field_validator("valkey_url")
    @classmethod
    def _is_valkey(cls, url: str) -> str:
        scheme, separator, rest = url.partition("://")
        if url and (scheme not in {"redis", "rediss", "valkey", "valkeys"} or not separator):
            raise PydanticCustomError("url", "must look like redis://:password@host:6379/0")
        return url and f"{scheme.replace('valkey', 'redis')}://{rest}"  # the clients know the older name

    @field_validator("smtp_url")
    @classmethod
    def _is_smtp(cls, url: str) -> str:
        scheme, separator, rest = url.partition("://")
        if url and (scheme not in {"smtp", "smtps"} or not separator or not rest):
            raise PydanticCustomError("url", "must look like smtp://login:password@host:587")
        return url

    @field_validator("rate_sign_in_account", "rate_sign_in_address", "rate_register_address", "rate_write", "rate_read")
    @classmethod
    def _is_a_rate(cls, rate: str) -> str:
        try:
            limits.parse(rate)
        except ValueError:
            raise PydanticCustomError("rate", "must look like `10/15 minutes`") from None
        return rate

    @model_validator(mode="after")
    def _one_url_may_serve_all(self) -> Self:
        direct = self.database_direct_url if self.is_pooled else ""
        self.dispatcher_url = self.dispatcher_url or direct or self.database_url
        return self

    @model_validator(mode="after")
    def _past_the_pooler_there_is_a_way(self) -> Self:
        if self.is_pooled and self.database_url and not self.database_direct_url:
            raise PydanticCustomError(
                "database_direct_url", "behind a transaction pooler this must lead past it: migrations and jobs need it"
            )
        return self

    @model_validator(mode="after")
    def _several_processes_need_valkey(self) -> Self:
        if self.workers > 1 and not self.valkey_url:
            raise PydanticCustomError("workers", "more than one server process needs DFWORX_VALKEY_URL")
        return self

    @property
    def backups(self) -> Path:
        """Where backups are."""
        return self.backup_dir or self.data_dir / "backups"

    @property
    def origin(self) -> str:
        """The scheme, host and port that browsers send as Origin."""
        return (
            self.public_url or f"http://{'localhost' if self.host in EVERYWHERE else self.host}:{self.port}"
        ).rstrip("/")

    @property
    def origins(self) -> list[str]:
        """Every Origin that is ours: on one machine `localhost` and `127.0.0.1` are the same place."""
        local = [f"http://localhost:{self.port}", f"http://127.0.0.1:{self.port}"]
        return list(dict.fromkeys([self.origin, *([] if self.is_production else local)]))

    @property
    def is_production(self) -> bool:
        """Whether unsafe configurations are refused."""
        return self.env == "production"

    @property
    def is_pooled(self) -> bool:
        """Whether a connection is ours for one transaction only."""
        return self.database_pooler == "transaction"

    @property
    def is_https(self) -> bool:
        """Whether browsers reach us over TLS; decides the cookie's name and its Secure flag."""
        return self.origin.startswith("https://")

    @property
    def migration_url(self) -> str:
        """Where migrations run."""
        return self.database_direct_url or self.database_url


_changed: dict[str, str] = {}  # what server admins changed, as the database has it


@cache
def settings() -> Settings:
    """The settings of this process, read once; a wrong value is a SettingsError of one line."""
    try:
        return Settings(**{name: value for name, value in _changed.items() if not is_given(name)})  # type: ignore[arg-type]  # pydantic reads them
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else first["type"]  # a rule over several settings names one
        got = "" if name in HIDDEN or not first["loc"] else f" (got {first['input']!r})"
        raise SettingsError(f"DFWORX_{name.upper()}: {first['msg']}{got}") from None


def is_given(name: str) -> bool:
    """Whether the environment says it."""
    return f"DFWORX_{name.upper()}" in os.environ


def source(name: str) -> Literal["environment", "changed", "default"]:
    """Where the value of a setting comes from."""
    return "environment" if is_given(name) else "changed" if name in _changed else "default"


def accept(name: str, value: str) -> str:
    """What a setting would be with another value, as text; a ValidationError when it cannot be."""
    return str(getattr(Settings(**{name: value}), name))  # type: ignore[arg-type]  # pydantic reads it


def change(values: Mapping[str, str]) -> bool:
    """Let these values hold in this process from now on; whether that is anything new."""
    wanted = {name: value for name, value in values.items() if name in CHANGEABLE and _is_sound(name, value)}
    if wanted == _changed:
        return False
    _changed.clear()
    _changed.update(wanted)
    settings.cache_clear()
    return True


def _is_sound(name: str, value: str) -> bool:
    """What another release has stored may be nothing that this one takes."""
    try:
        accept(name, value)
    except ValidationError:
        return False
    return True


def table() -> str:
    """Every setting as a row of a Markdown table."""
    rows = ["| Variable | Default | What it does |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        rows.append(f"| `DFWORX_{name.upper()}` | {_default(field)} | {field.description} |")
    return "\n".join(rows) + "\n"


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return f"`~/.local/share/dfworx`; as root `{AS_ROOT_DATA_DIR}`"
    return f"`{field.default}`" if field.default != "" else "empty"
