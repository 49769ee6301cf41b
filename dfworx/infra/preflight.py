"""Before the server starts: the database must be fit, and in production nothing may be unsafe."""

from dataclasses import dataclass

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from dfworx.infra.settings import Settings, SettingsError

OLDEST = 15
SECRET_LENGTH = 32
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
BYPASSES = (
    "The database login {login} bypasses row-level security, as Supabase's does. Each transaction gives it up, "
    "but whoever can make the server run SQL of their own has everything: dfworx_app is the better login."
)
FACTS = text(
    """
    select current_setting('server_version_num')::int / 10000, current_user, r.rolsuper, r.rolbypassrls,
           (select count(*) = 2 from pg_roles p
            where p.rolname in ('anon', 'authenticated') and pg_has_role(current_user, p.oid, 'member')),
           (select coalesce(array_agg(name::text order by name), '{}') from pg_settings
            where name = any(:durable) and setting = 'off')
    from pg_roles r where r.rolname = current_user
    """
)
DISPATCHES = text(
    """
    select current_user,
           coalesce(bool_and(has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'delete')), false)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'dfworx' and c.relname = 'outbox'
    """
)


@dataclass(frozen=True)
class Facts:
    """What the database says about itself and about our login."""

    major: int
    login: str
    is_superuser: bool
    bypasses_rls: bool
    serves_people: bool
    switched_off: list[str]


def check(settings: Settings, *, embedded: bool) -> list[str]:
    """Refuse with one line what must not run; return what an operator should hear."""
    if settings.is_production:
        _refuse_weak_secret(settings, embedded=embedded)
    facts = ask(settings.database_url)
    if facts.major < OLDEST:
        raise SettingsError(f"DFWORX_DATABASE_URL: this is Postgres {facts.major}, and DFWORX needs {OLDEST} or newer")
    if not facts.serves_people:
        raise SettingsError(
            f"DFWORX_DATABASE_URL: the login {facts.login} cannot become anon and authenticated: "
            "an administrator runs what `python -m dfworx roles` prints, once"
        )
    if settings.is_production:
        _refuse_unsafe(facts)
    if facts.bypasses_rls:
        return [BYPASSES.format(login=facts.login)]
    return []


def check_dispatcher(url: str) -> None:
    """Refuse a login that cannot empty the outbox: other processes' changes would reach no open page."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        login, may = connection.execute(DISPATCHES).one()
    if not may:
        raise SettingsError(f"DFWORX_DISPATCHER_URL: the login {login} cannot empty the outbox: use dfworx_dispatcher")


def _refuse_weak_secret(settings: Settings, *, embedded: bool) -> None:
    if settings.secret and len(settings.secret) < SECRET_LENGTH:
        raise SettingsError(f"DFWORX_SECRET: in production it has {SECRET_LENGTH} characters or more")
    if not settings.secret and not embedded:
        raise SettingsError("DFWORX_SECRET: with an outside database it must be given in production")


def _refuse_unsafe(facts: Facts) -> None:
    if facts.is_superuser:
        raise SettingsError(
            f"DFWORX_DATABASE_URL: the login {facts.login} is a superuser, whom row-level security does not bind"
        )
    if facts.switched_off:
        names = ", ".join(facts.switched_off)
        raise SettingsError(f"DFWORX_DATABASE_URL: {names} must be on in production, or a crash loses messages")


def ask(url: str) -> Facts:
    """Ask the database."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            told = connection.execute(FACTS, {"durable": list(DURABLE)}).one()
    except OperationalError as error:
        raise SettingsError(f"DFWORX_DATABASE_URL: no connection: {str(error.orig).strip().splitlines()[-1]}") from None
    return Facts(*told)
