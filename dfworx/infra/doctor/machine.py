"""The doctor on this machine: addresses, secret, disk, front end, the server itself."""

import platform
import shutil
from collections.abc import Iterator
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from dfworx.infra import frontend, serving
from dfworx.infra.doctor.finding import Finding, better, worse
from dfworx.infra.preflight import SECRET_LENGTH
from dfworx.infra.settings import EVERYWHERE, Settings, SettingsError

GB = 1_000_000_000
LOW, EMPTY = 2 * GB, GB // 5  # bytes free: a warning, a failure
FEW = 10  # different characters: no random secret of that length has fewer


def is_here(host: str | None) -> bool:
    """Whether a name means this machine."""
    try:
        return host in {None, "", "localhost"} or ip_address(str(host)).is_loopback
    except ValueError:
        return False


def python(_: Settings) -> Iterator[Finding]:
    """Which Python runs us; an older one than we need does not come this far."""
    yield better("python", platform.python_version())


def addresses(settings: Settings) -> Iterator[Finding]:
    """What people type, and whether their passwords travel in clear."""
    url = urlsplit(settings.origin)
    if url.scheme not in {"http", "https"} or not url.hostname or url.path:
        yield worse(
            "address",
            f"DFWORX_PUBLIC_URL is {settings.public_url!r}",
            "scheme and name alone, such as https://talk.acme.example",
            fails=True,
        )
    elif not settings.public_url and settings.host in EVERYWHERE:
        yield worse(
            "address",
            "whoever types another name than localhost is refused",
            "set DFWORX_PUBLIC_URL to the address that people type",
            fails=True,
        )
    elif not settings.is_https and not is_here(url.hostname):
        yield worse(
            "address",
            f"passwords and cookies travel in clear to {settings.origin}",
            "put TLS in front and set DFWORX_PUBLIC_URL to the https address",
            fails=settings.is_production,
        )
    else:
        kind = "__Host- cookie, Secure" if settings.is_https else "cookie without Secure, on this machine alone"
        yield better("address", f"{settings.origin} ({kind})")


def proxies(settings: Settings) -> Iterator[Finding]:
    """Whether the addresses of clients can be believed."""
    hops = settings.trusted_proxies
    if settings.is_https and not hops:
        yield worse(
            "proxies",
            "TLS ends in front of the server, so every client seems to have that proxy's address",
            "set DFWORX_TRUSTED_PROXIES to the number of proxies that set X-Forwarded-For",
        )
    elif hops and settings.host in EVERYWHERE:
        yield worse(
            "proxies",
            f"whoever reaches port {settings.port} past the proxy can claim any address",
            "listen where only the proxy can reach it: DFWORX_HOST",
        )
    else:
        yield better("proxies", f"{hops} trusted" if hops else "none: clients are seen themselves")


def secret(settings: Settings) -> Iterator[Finding]:
    """What signs the cookies."""
    path = settings.data_dir.expanduser() / "secret"
    if settings.secret:
        weak = len(settings.secret) < SECRET_LENGTH or len(set(settings.secret)) < FEW
        if weak:
            says = f"DFWORX_SECRET can be guessed ({len(settings.secret)} characters)"
            do = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
            yield worse("secret", says, do, fails=settings.is_production)
        else:
            yield better("secret", "DFWORX_SECRET is long enough")
    elif not path.exists():
        says = f"none yet; the first start makes {path}"
        fails = settings.is_production and bool(settings.database_url)
        yield (
            worse("secret", says, "give DFWORX_SECRET with an outside database", fails=True)
            if fails
            else better("secret", says)
        )
    elif path.stat().st_mode & 0o077:
        yield worse("secret", f"others may read {path}", f"chmod 600 {path}", fails=True)
    else:
        yield better("secret", f"{path}, private")


def disk(settings: Settings) -> Iterator[Finding]:
    """Room for data and for backups."""
    folders = {"data": settings.data_dir, "backups": settings.backups}
    for name, folder in folders.items():
        there = _existing(folder.expanduser().absolute())
        free = shutil.disk_usage(there).free
        says = f"{free / GB:.1f} GB free for {name} in {folder}"
        if free < LOW:
            do = "make room, or move them: DFWORX_DATA_DIR, DFWORX_BACKUP_DIR"
            yield worse("disk", says, do, fails=free < EMPTY)
        else:
            yield better("disk", says)


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)


def frontend_built(_: Settings) -> Iterator[Finding]:
    """Whether the pages are those of this release."""
    if frontend.is_built():
        yield better("front end", "built from these sources")
    elif frontend.BUILT.is_dir():
        yield worse("front end", "built from other sources", "python -m dfworx build", fails=True)
    else:
        yield worse("front end", "not built", "python -m dfworx build", fails=True)


def server(settings: Settings) -> Iterator[Finding]:
    """Whether a server runs here and can work."""
    where = f"{settings.host}:{settings.port}"
    ready = serving.status(settings, "/api/ready")
    if ready == HTTPStatus.OK:
        yield better("server", f"runs on {where} and is ready")
    elif serving.status(settings, "/api/health") == HTTPStatus.OK:
        yield worse("server", f"runs on {where} and is not ready ({ready})", "see the database below", fails=True)
    else:
        try:
            serving.must_be_free(settings)
        except SettingsError as error:
            yield worse("server", str(error), "stop that program, or choose another port", fails=True)
        else:
            yield worse("server", f"none runs on {where}", "start it: make run, or python -m dfworx serve")
