"""Reading the JSON tree that the zulip-archive tool writes: `STREAM_ID-NAME/TOPIC.json`, names dot-escaped."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

RESOLVED = "✔ "

_FOLDER = re.compile(r"(\d{1,18})-(.+)", re.DOTALL)
_ESCAPES = re.compile(r"(?:\.[0-9A-Fa-f]{2})+")
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ArchivedMessage:
    """A message as Zulip's server rendered it."""

    id: int
    sender: str
    sent_at: datetime
    html: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One file: the messages of a topic, oldest first."""

    stream_id: int
    stream: str
    name: str
    resolved: bool
    path: Path
    messages: list[ArchivedMessage]


@dataclass(frozen=True, slots=True)
class Broken:
    """A file, or a message in it, that cannot be read, and why."""

    path: Path
    reason: str


class _Unreadable(Exception):
    """Why a file or a message cannot be read."""


def files(path: Path) -> list[Path]:
    """The files of the archive, in the order in which they are read."""
    return sorted(path.rglob("*.json"))


def root_of(path: Path) -> Path:
    """The folder that holds the streams' folders: what was packed may have one around it, or several."""
    folders = [path]
    while folders:
        for folder in folders:
            if any(_FOLDER.fullmatch(child.name) for child in _children(folder)):
                return folder
        folders = [child for folder in folders for child in _children(folder)]
    return path


def _children(folder: Path) -> list[Path]:
    return sorted(child for child in folder.iterdir() if child.is_dir())


def read(path: Path) -> Iterator[Topic | Broken]:
    """Every topic of the archive, in the order of the paths; one file in memory at a time."""
    for file in files(path):
        yield from read_file(path, file)


def read_file(root: Path, file: Path) -> Iterator[Topic | Broken]:
    """The messages that cannot be read, and then the topic with the others."""
    try:
        stream_id, stream = stream_of(file.relative_to(root))
        rows = _rows(file)
    except _Unreadable as why:
        yield Broken(file, str(why))
        return
    messages: dict[int, ArchivedMessage] = {}
    for index, row in enumerate(rows):
        try:
            message = _message(row)
            if messages.setdefault(message.id, message) is not message:
                raise _Unreadable(f"the id {message.id} is there twice")  # noqa: TRY301 - one way for all
        except _Unreadable as why:
            yield Broken(file, f"message {index}: {why}")
    name, resolved = topic_of(file)
    in_order = sorted(messages.values(), key=lambda message: message.id)
    yield Topic(stream_id, stream, name, resolved, file, in_order)


def topic_of(file: Path) -> tuple[str, bool]:
    """The name of a topic, and whether it is resolved."""
    name = _unescaped(file.stem)
    return name.removeprefix(RESOLVED), name.startswith(RESOLVED)


def named(root: Path, file: Path) -> tuple[int, str, str] | None:
    """The stream's id, the topic's name and the stream's, as the path alone says them; none where it says nothing."""
    try:
        stream_id, stream = stream_of(file.relative_to(root))
    except _Unreadable:
        return None
    return stream_id, topic_of(file)[0], stream


def stream_of(file: Path) -> tuple[int, str]:
    """The stream's id and name, from the folders: a slash in the name has made a nested one."""
    found = _FOLDER.fullmatch("/".join(file.parts[:-1]))
    if not found:
        raise _Unreadable("not in a folder named ID-NAME")
    return int(found[1]), _unescaped(found[2])


def _unescaped(name: str) -> str:
    return _ESCAPES.sub(lambda run: bytes.fromhex(run[0].replace(".", "")).decode("utf-8", "replace"), name)


def _rows(file: Path) -> list[object]:
    try:
        rows = json.loads(file.read_bytes())
    except OSError as error:
        raise _Unreadable(f"cannot be opened: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _Unreadable("not in UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise _Unreadable(f"not JSON: {error}") from error
    if not isinstance(rows, list):
        raise _Unreadable("not a list of messages")
    return rows


def _message(row: object) -> ArchivedMessage:
    if not isinstance(row, dict):
        raise _Unreadable("not an object")
    return ArchivedMessage(
        _id(row.get("id")),
        _text(row, "sender_full_name").strip() or "Unknown",
        _time(row.get("timestamp")),
        _text(row, "content"),
    )


def _id(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _LARGEST_ID:
        raise _Unreadable("`id` is missing or not a positive integer")
    return value


def _text(row: dict[str, object], field: str) -> str:
    value = row.get(field)
    if not isinstance(value, str):
        raise _Unreadable(f"`{field}` is missing or not a text")
    return value


def _time(value: object) -> datetime:
    """Seconds since 1970, as a time."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            pass
    raise _Unreadable("`timestamp` is missing or not a time")
