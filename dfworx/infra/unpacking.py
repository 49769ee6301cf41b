"""Archives from elsewhere, unpacked without trust: only plain files of one kind, inside one folder, up to a size.

It runs in a process of its own with a limit on its memory (`python -m dfworx.infra.unpacking`), so that what a hostile
archive makes of it is over with that process.
"""

import asyncio
import gzip
import resource
import shutil
import stat
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

MOST_ENTRIES = 200_000
MOST_RATIO = 200  # unpacked to packed; JSON packs to a tenth, bombs to a thousandth
MOST_DIRECTORY = 24_000_000  # bytes of a zip's directory, which is read into memory whole
MEMORY = 2_000_000_000
LONGEST_NAME = 1_000
CHUNK = 1 << 20
REFUSED = 3  # the exit code


class Refused(Exception):
    """Why an archive is not unpacked, in a sentence."""


@dataclass(frozen=True)
class Entry:
    """A plain file of an archive, and the way to read it."""

    name: str
    content: IO[bytes]


async def unpack(archive: Path, into: Path, most: int, suffix: str = ".json") -> None:
    """Unpack the files that end in `suffix`, at most so many bytes of them; all of it, or Refused."""
    part = into.with_name(f"{into.name}.part")
    await asyncio.to_thread(shutil.rmtree, part, ignore_errors=True)
    command = [sys.executable, "-m", "dfworx.infra.unpacking", str(archive), str(part), str(most), suffix]
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    try:
        _, said = await process.communicate()
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    if process.returncode != 0:
        await asyncio.to_thread(shutil.rmtree, part, ignore_errors=True)
        reason = said.decode(errors="replace").strip() if process.returncode == REFUSED else ""
        raise Refused(reason or "It cannot be unpacked.")
    await asyncio.to_thread(part.rename, into)


def unpack_here(archive: Path, into: Path, most: int, suffix: str = ".json") -> int:
    """Unpack in this process; gives how many files."""
    into.mkdir(parents=True)
    budget = min(most, max(MOST_RATIO * archive.stat().st_size, CHUNK))
    count = 0
    for entry in _entries(archive, suffix):
        budget -= _write(entry, into, budget)
        count += 1
    if not count:
        raise Refused(f"There is no {suffix} file in it.")
    return count


def _write(entry: Entry, into: Path, budget: int) -> int:
    """One file, inside the folder whatever its name says; gives its size."""
    path = into.joinpath(*_parts(entry.name))
    path.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with path.open("xb") as out:
        while chunk := entry.content.read(CHUNK):
            size += len(chunk)
            if size > budget:
                raise Refused("Unpacked, it is larger than is accepted.")
            out.write(chunk)
    return size


def _parts(name: str) -> tuple[str, ...]:
    """The folders and the name of a file; a name that leads elsewhere is refused."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\x00" in name or len(name) > LONGEST_NAME:
        raise Refused("A name in it leads out of it.")
    return path.parts


def _entries(archive: Path, suffix: str) -> Iterator[Entry]:
    with archive.open("rb") as file:
        start = file.read(512)
    if start[:2] == b"PK":
        yield from _zip_entries(archive, suffix)
    elif start[:2] == b"\x1f\x8b":
        with gzip.open(archive) as plain:
            yield from _tar_entries(plain, suffix)
    elif start[257:262] == b"ustar":
        with archive.open("rb") as plain:
            yield from _tar_entries(plain, suffix)
    else:
        raise Refused("It is no .zip, .tar or .tar.gz file.")


def _zip_entries(archive: Path, suffix: str) -> Iterator[Entry]:
    _must_have_a_small_directory(archive)
    with zipfile.ZipFile(archive) as packed:
        for count, info in enumerate(packed.infolist(), 1):
            _must_be_few(count)
            kind = stat.S_IFMT(info.external_attr >> 16)
            _parts(info.filename)
            if info.is_dir() or kind not in {0, stat.S_IFREG} or not info.filename.endswith(suffix):
                continue
            if info.flag_bits & 1:
                raise Refused("It is encrypted.")
            with packed.open(info) as content:
                yield Entry(info.filename, content)


def _must_have_a_small_directory(archive: Path) -> None:
    """`zipfile` reads the directory whole; where it ends, its length is said."""
    with archive.open("rb") as file:
        file.seek(max(0, archive.stat().st_size - 65_557))
        end = file.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or int.from_bytes(end[at + 12 : at + 16], "little") > MOST_DIRECTORY:
        raise Refused("It is damaged, or has more files than are accepted.")


def _tar_entries(plain: IO[bytes] | gzip.GzipFile, suffix: str) -> Iterator[Entry]:
    with tarfile.open(fileobj=plain, mode="r|") as packed:
        for count, info in enumerate(packed, 1):
            _must_be_few(count)
            packed.members = []  # type: ignore[attr-defined]  # it would remember every one
            _parts(info.name)
            content = packed.extractfile(info) if info.isreg() and info.name.endswith(suffix) else None
            if content is not None:
                yield Entry(info.name, content)


def _must_be_few(count: int) -> None:
    if count > MOST_ENTRIES:
        raise Refused("It has more files than are accepted.")


def problem_with(archive: Path, into: Path, most: int, suffix: str = ".json") -> str:
    """Unpack in this process; gives why not."""
    try:
        unpack_here(archive, into, most, suffix)
    except Refused as why:
        return str(why)
    except FileExistsError:
        return "A name stands in it twice."
    except Exception as error:  # noqa: BLE001  # zipfile, tarfile, zlib and struct have errors of their own
        reason = error.strerror if isinstance(error, OSError) and error.strerror else ""
        return f"It cannot be unpacked: {reason}." if reason else "It is damaged."
    return ""


def main(archive: str, into: str, most: str, suffix: str) -> int:
    """The process: unpack, or say why not."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    problem = problem_with(Path(archive), Path(into), int(most), suffix)
    sys.stderr.write(problem)
    return REFUSED if problem else 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
