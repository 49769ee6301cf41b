"""The operating system account that an embedded Postgres runs as."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dfworx.infra.postgres_errors import PostgresError


@dataclass(frozen=True)
class Account:
    """The operating system account that the database runs as."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether we are root and step down to it."""
        return self.uid != os.geteuid()

    @classmethod
    def suitable(cls) -> "Account":
        """Ourselves, or, for root, whom Postgres refuses, an existing unprivileged account."""
        if os.geteuid() != 0:
            return cls(current_user(), os.geteuid(), os.getegid())
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(name, entry.pw_uid, entry.pw_gid)
        raise PostgresError(
            "Postgres refuses to run as root, and there is no account `postgres` or `nobody`: "
            "start DFWorX as a normal user, or add one of them."
        )

    def own(self, *paths: Path) -> None:
        """Hand the paths over to the account."""
        if self.is_other:
            for path in paths:
                os.chown(path, self.uid, self.gid)

    def process_options(self) -> dict[str, Any]:
        """Arguments of `subprocess` that run a program as the account, with nothing of our environment."""
        user = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        return {"env": environment, "cwd": "/", "umask": 0o077, "stdin": subprocess.DEVNULL, **user}


def current_user() -> str:
    """The name of the operating system user that we are; peer authentication needs one."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise PostgresError(
            f"The user id {os.geteuid()} has no name in /etc/passwd, which Postgres needs: "
            "run as a named user, or set DFWORX_DATABASE_URL."
        ) from None
