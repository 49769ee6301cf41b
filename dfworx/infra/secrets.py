"""The secret that signs session cookies: given by the operator, or made once and kept beside the data."""

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from functools import cache
from pathlib import Path

from dfworx.infra.settings import Settings, SettingsError

BYTES = 32


def session_secret(settings: Settings) -> str:
    """DFWORX_SECRET, else the one in the data directory."""
    return settings.secret or _kept(settings.data_dir / "secret")


def derived(settings: Settings, *parts: object) -> str:
    """A secret for a link, 256 bits (RFC 2104): the same parts give the same, so that nobody has to keep it."""
    text = "|".join(str(part) for part in parts)
    return (
        urlsafe_b64encode(hmac.digest(session_secret(settings).encode(), text.encode(), "sha256")).decode().rstrip("=")
    )


def fingerprint(secret: str) -> str:
    """What is kept of a secret that is long and random: SHA-256, hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


@cache
def _kept(path: Path) -> str:
    try:
        if not path.exists():
            _make(path)
        return _read(path)
    except OSError as error:
        raise SettingsError(f"DFWORX_DATA_DIR: no secret can be kept in {path.parent} ({error.strerror})") from None


def _make(path: Path) -> None:
    """Write it beside its name and link it there: no reader sees half of it, and of two writers the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(BYTES))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _read(path: Path) -> str:
    if path.stat().st_mode & 0o077:
        raise SettingsError(
            f"DFWORX_DATA_DIR: others may read {path}: delete it (everybody signs in again) or chmod 600 it"
        )
    return path.read_text().strip()
