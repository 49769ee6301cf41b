"""The front end: built by Reflex and bun when a source has changed, served by the same port as everything else."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
WEB = ROOT / ".web"
BUILT = WEB / "build" / "client"
LOCKED = ROOT / "reflex.lock" / "package.json"
STAMP = WEB / "dfworx.sha256"
CONFIGURED = WEB / "dfworx.configuration.sha256"
FOLDERS = {"dfworx": (".py", ".jsx", ".css"), "assets": ("",)}
FILES = ("rxconfig.py", "requirements.txt")
LINES_SHOWN = 15
# Nothing is looked up outside that the build does not need.
FLAGS = {"REFLEX_TELEMETRY_ENABLED": "false", "REFLEX_CHECK_LATEST_VERSION": "false"}


class BuildError(Exception):
    """The front end cannot be built; the message ends with what the build said last."""


def build(*, force: bool = False) -> bool:
    """Bring the front end up to date; False when it already was."""
    with _alone():
        if not force and is_built():
            return False
        sources = sources_hash()
        _forget_other_configuration()
        _export()
        _settle_lock()
        CONFIGURED.write_text(_configuration_hash())
        STAMP.write_text(_stamp(sources))  # the sources as they were, with the lock that the build may have written
        return True


def is_built() -> bool:
    """Whether the build belongs to the sources as they are."""
    return STAMP.exists() and BUILT.is_dir() and STAMP.read_text() == _stamp(sources_hash())


def _stamp(sources: str) -> str:
    return f"{sources} {lock_hash()}"


def sources_hash(root: Path = ROOT) -> str:
    """One hash over everything of ours that the build reads."""
    return _hash(root, _sources(root))


def lock_hash(root: Path = ROOT) -> str:
    """One hash over the lock of the packages from npm."""
    return _hash(root, sorted((root / "reflex.lock").glob("*")))


def _configuration_hash() -> str:
    return _hash(ROOT, [ROOT / name for name in FILES])


def _forget_other_configuration() -> None:
    """Another Reflex or other plugins begin with an empty folder: what the former ones wrote there would stay."""
    STAMP.unlink(missing_ok=True)
    if not CONFIGURED.exists() or CONFIGURED.read_text() != _configuration_hash():
        shutil.rmtree(WEB, ignore_errors=True)


def _hash(root: Path, paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    for folder, endings in FOLDERS.items():
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.name.endswith(endings) and not _is_generated(path.relative_to(root)):
                yield path
    yield from (root / name for name in FILES if (root / name).exists())


def _is_generated(path: Path) -> bool:
    return path.parts[:2] == ("assets", "external") or "__pycache__" in path.parts


@contextmanager
def _alone() -> Iterator[None]:
    """One build at a time in this checkout."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _export() -> None:
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip", "--env", "prod"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            code = process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)  # bun as well
            raise
        log.seek(0)
        if code != 0 or not BUILT.is_dir():
            raise BuildError(f"{_telling(log.read().decode(errors='replace'))}\nThe front end could not be built.")


def _settle_lock() -> None:
    """Reflex writes it on one line, bun on many: keep bun's way, so that a build leaves a checkout as it was."""
    LOCKED.write_text(json.dumps(json.loads(LOCKED.read_text()), indent=2, ensure_ascii=False))


def _telling(log: str) -> str:
    """The lines that say what went wrong: from the first error on, or the last ones of a traceback."""
    lines = log.splitlines()
    error = next((at for at, line in enumerate(lines) if re.search(r"\berror\b", line, re.IGNORECASE)), 0)
    is_traceback = any(line.startswith("Traceback") for line in lines)
    return "\n".join(lines[-LINES_SHOWN:] if is_traceback else lines[error : error + LINES_SHOWN])


def environment() -> dict[str, str]:
    """The environment of Reflex: no telemetry, no version checks, the user's own npm registry, loopback unproxied."""
    loopback = {name: _with_loopback(os.environ.get(name, "")) for name in ("NO_PROXY", "no_proxy")}
    return {**os.environ, **FLAGS, **_registry(), **loopback}


def _with_loopback(hosts: str) -> str:
    """Prerendering asks a server of its own."""
    return ",".join(filter(None, [hosts, "127.0.0.1", "localhost"]))


def _registry() -> dict[str, str]:
    """The registry of the user's npm configuration; without one Reflex finds the nearest."""
    if "NPM_CONFIG_REGISTRY" in os.environ:
        return {}
    given = os.environ.get("npm_config_registry")  # noqa: SIM112  # npm itself writes it small
    for path in (ROOT / ".npmrc", Path.home() / ".npmrc"):
        if not given and path.is_file():
            found = re.search(r"^\s*registry\s*=\s*(\S+)", path.read_text(), re.MULTILINE)
            given = found and found[1]
    return {"NPM_CONFIG_REGISTRY": given} if given else {}


def use_own_origin(static_dir: Path) -> None:
    """Let the bundle talk to the page's own origin instead of the address that Reflex baked into it."""
    (bundle,) = (static_dir / "assets").glob("reflex-env-*.js")
    text = bundle.read_text()
    text, http = re.subn(r"([`\"'])https?://[^/`\"']+(/[^`\"']*)\1", r'location.origin+"\2"', text)
    text, sockets = re.subn(
        r"([`\"'])wss?://[^/`\"']+(/[^`\"']*)\1", r'location.origin.replace("http","ws")+"\2"', text
    )
    if not http or not sockets:
        raise BuildError(f"{bundle.name} holds no address any more: look at what Reflex writes there now.")
    bundle.write_text(text)


def pass_api_on(vite_config: str, port: int) -> str:
    """Vite's configuration with `/api` and `/auth` passed on to the server."""
    ours = f'"/api": "http://127.0.0.1:{port}", "/auth": "http://127.0.0.1:{port}"'
    proxy = f"server: {{\n    proxy: {{ {ours} }},"
    return vite_config.replace("server: {", proxy, 1)
