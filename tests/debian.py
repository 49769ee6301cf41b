"""Programs that Debian has and tests need: the one on PATH, else installed as root, else the test is skipped."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])


@cache
def _found(name: str, package: str) -> str | None:
    there = shutil.which(name, path=PATH)
    if there or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return there
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", package]):
        subprocess.run(command, env=quiet, check=False, capture_output=True, timeout=300)
    return shutil.which(name, path=PATH)


def program(name: str, package: str = "") -> Path:
    """Where the program is; `package` when Debian calls its package otherwise."""
    found = _found(name, package or name)
    if found is None:
        reason = f"{name} is not tried: apt install {package or name}"
        print(reason)
        pytest.skip(reason)
    return Path(found)
