"""A Chromium for the tests: the one that is there, else one from the system's packages, else Playwright's own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-color-emoji")


class NoBrowserError(Exception):
    """There is none, and none could be installed."""


def find() -> str:
    """The path of a Chromium; installs one if need be."""
    found = _on_path() or _from_packages() or _from_playwright()
    if not found:
        raise NoBrowserError("The browser tests need a Chromium: install one so that `chromium` is on PATH.")
    return found


def _on_path() -> str | None:
    return os.environ.get("DFWORX_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def _from_packages() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-qq", "--yes", *PACKAGES]):
        subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
    return _on_path()


def _from_playwright() -> str | None:
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr, check=False)
    where = "from playwright.sync_api import sync_playwright as p\nwith p() as w: print(w.chromium.executable_path)"
    told = subprocess.run([sys.executable, "-c", where], capture_output=True, text=True, check=False)
    path = told.stdout.strip()
    return path if path and Path(path).exists() else None
