"""The folder in which backups of the embedded database are kept."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dfworx.infra.postgres_cluster import Cluster

MANIFEST, POINTS = "manifest.json", "points.json"
PARTIAL = ".partial"  # ends the name of what is at work


@dataclass(frozen=True)
class Backup:
    """One base backup; with the archive it leads to any moment after `finished_at`."""

    folder: str
    finished_at: datetime
    release: str
    bytes: int


class Store:
    """The folder of backups: `base-…` folders, the archive `wal`, and the named points."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        self.folder = folder
        self.cluster = cluster

    @property
    def archive(self) -> Path:
        """Where the server puts its log, piece by piece."""
        return self.folder / "wal"

    def prepare(self) -> None:
        """Make the folders; from then on the server archives."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711 if self.cluster.account.is_other else 0o700)
        self.archive.mkdir(mode=0o700, exist_ok=True)
        self.cluster.account.own(self.archive)

    def all(self) -> list[Backup]:
        """The finished backups, the oldest first."""
        found = []
        for path in sorted(self.folder.glob(f"base-*/{MANIFEST}")):
            if path.parent.suffix == PARTIAL:
                continue
            kept = json.loads(path.read_text())
            found.append(Backup(**kept | {"finished_at": datetime.fromisoformat(kept["finished_at"])}))
        return found

    def points(self) -> dict[str, datetime]:
        """The named moments."""
        path = self.folder / POINTS
        kept = json.loads(path.read_text()) if path.exists() else {}
        return {name: datetime.fromisoformat(at) for name, at in kept.items()}

    def remember(self, name: str, at: datetime) -> None:
        """Keep a named moment."""
        points = {known: moment.isoformat() for known, moment in self.points().items()} | {name: at.isoformat()}
        draft = self.folder / f"{POINTS}.new"
        draft.write_text(json.dumps(points, indent=1))
        draft.replace(self.folder / POINTS)

    def forget_all_but(self, keep: int) -> list[str]:
        """Remove the oldest backups, and the log that none of the others needs."""
        backups = self.all()
        old, kept = backups[:-keep], backups[-keep:]
        for backup in old:
            shutil.rmtree(self.folder / backup.folder)
        if kept:
            label = (self.folder / kept[0].folder / "data" / "backup_label").read_text()
            first = label.split("(file ")[1].split(")")[0]
            for path in self.archive.glob("*.gz"):
                if len(path.name.split(".")[0]) == len(first) and path.name < first:
                    path.unlink()
        return [backup.folder for backup in old]

    @contextmanager
    def writing(self) -> Iterator[int]:
        """Hold the lock of those who write a copy; whoever writes alone removes before what the dead left half written.

        Gives its file, for programs that write: they hold it, too, and longer than we live.
        """
        path = self.folder / "writing.lock"
        path.touch(mode=0o600)
        with path.open("r+b") as lock:
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for left in self.folder.glob(f"base-*{PARTIAL}"):
                    shutil.rmtree(left, ignore_errors=True)
            fcntl.flock(lock, fcntl.LOCK_SH)  # gone with us, even after kill -9
            yield lock.fileno()
