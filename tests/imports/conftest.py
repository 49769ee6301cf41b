"""Fixtures of these tests: archives, packed and unpacked, and a data folder of their own."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dfworx.imports import service_running as running
from dfworx.infra.settings import settings

HOUR = 3600
BEGAN = 1_600_000_000


def topic(*texts: str, first: int = 1, sender: str = "Grace Kell") -> str:
    """A file of the archive: one message an hour."""
    return json.dumps(
        [
            {"content": f"<p>{t}</p>", "id": first + n, "sender_full_name": sender, "timestamp": BEGAN + n * HOUR}
            for n, t in enumerate(texts)
        ]
    )


def packed(**files: str) -> bytes:
    """A zip of an archive: `lab__plan` is the topic "plan" of the stream "lab"."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for number, (name, content) in enumerate(files.items(), 1):
            stream, _, title = name.partition("__")
            archive.writestr(f"archive-main/{number}-{stream}/{title}.json", content)
    return sink.getvalue()


@pytest.fixture(autouse=True)
def data(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Uploads go to a folder of this test; nobody waits long."""
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("DFWORX_DATA_DIR", str(folder))
    monkeypatch.setattr(running, "ASKED_EVERY", 0.05)
    settings.cache_clear()
    yield folder
    monkeypatch.undo()
    settings.cache_clear()
