"""A folder of records: which of its files are some, and which of them takes the place of which."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from dfworx.imports.adr.records import Record, read
from dfworx.imports.adr.standing import Reference

SUFFIX = ".md"
LARGEST = 200_000  # bytes of a file; a record is a page
MOST_FILES = 2_000
OPENED = 10_000_000  # bytes of a file that is looked at, be it read or not
NAMELESS = "decisions"
_OTHER = re.compile(r"^(?:readme|index|license|changelog|contributing|.*template.*)$", re.IGNORECASE)
_LATE = datetime.max.replace(tzinfo=UTC)


@dataclass
class Folder:
    """What was found in it: `records` in the order of their numbers and days, and what is none, each with a reason."""

    name: str
    records: list[Record] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    successors: dict[str, str] = field(default_factory=dict)  # by the names of files
    notes: dict[str, list[str]] = field(default_factory=dict)

    def know(self, channels: Mapping[str, str]) -> None:
        """Tell the records which channels there are: ids by their names in lower case; others stay as words."""
        for record in self.records:
            record.there = channels

    def note(self, record: Record, said: str) -> None:
        """Say something that whoever imports should know."""
        self.notes.setdefault(record.file, []).append(said)


def open_folder(path: Path) -> Folder:
    """Read the Markdown files of a folder of this machine, those of the folders in it, too."""
    return _opened(path, path.resolve().name)


def open_tree(path: Path) -> Folder:
    """The same of what was unpacked: the name of the folder itself means nothing."""
    return _opened(path, "")


def contents(path: Path) -> dict[str, bytes | None]:
    """The Markdown files below a folder, by where they lie in it; None stands for one that is too large."""
    found = sorted(each for each in path.rglob(f"*{SUFFIX}") if each.is_file() and not each.is_symlink())
    return {
        each.relative_to(path).as_posix(): each.read_bytes() if each.stat().st_size <= OPENED else None
        for each in found
    }


def _opened(path: Path, name: str) -> Folder:
    return read_folder([(str(PurePosixPath(name, file)), content) for file, content in contents(path).items()])


def read_folder(files: Iterable[tuple[str, bytes | None]], root: PurePosixPath | None = None) -> Folder:
    """Understand files by their names; without a root, what they all lie in is the folder."""
    files = [(name, content) for name, content in files if name.endswith(SUFFIX)]
    root = root or _common([name for name, _ in files if not _is_other(name)] or [name for name, _ in files])
    folder = Folder(root.name or NAMELESS)
    for name, content in files[:MOST_FILES]:
        inside = PurePosixPath(name)
        _take(folder, str(inside.relative_to(root) if inside.is_relative_to(root) else inside), content)
    folder.broken += [(name, f"Only {MOST_FILES} files are read.") for name, _ in files[MOST_FILES:]]
    folder.records.sort(key=lambda each: (each.number is None, each.number or 0, each.day or _LATE, each.file))
    _settle(folder)
    return folder


def _common(names: list[str]) -> PurePosixPath:
    """The deepest folder that holds them all."""
    parents = [PurePosixPath(name).parent for name in names] or [PurePosixPath()]
    common = parents[0]
    while not all(parent.is_relative_to(common) for parent in parents):
        common = common.parent
    return common


def _is_other(name: str) -> bool:
    return _OTHER.match(PurePosixPath(name).stem) is not None


def _take(folder: Folder, name: str, content: bytes | None) -> None:
    if _is_other(name):
        folder.others.append(name)
    elif content is None or len(content) > LARGEST:
        folder.broken.append((name, f"It is larger than {LARGEST // 1000} KB."))
    else:
        _read(folder, name, content)


def _read(folder: Folder, name: str, content: bytes) -> None:
    try:
        record = read(name, content.decode("utf-8-sig"))
        record.must_fit()
    except UnicodeDecodeError:
        folder.broken.append((name, "It is not UTF-8."))
    except ValidationError as error:
        folder.broken.append((name, _reason(error)))
    else:
        is_record = record.number is not None or record.status or record.day or "outcome" in record.texts
        if is_record:
            folder.records.append(record)
        else:
            folder.others.append(name)


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    what = next((str(each) for each in first["loc"] if isinstance(each, str)), "text")
    if first["type"] == "string_too_long":
        return f"Its {what} is longer than {first['ctx']['max_length']:,} characters."
    return f"Its {what} cannot be stored."


def _settle(folder: Folder) -> None:
    """What each comes to: the status that it says, what its links say, or what it looks like."""
    for record in folder.records:
        _stand(folder, record)
    for record in folder.records:
        _follow(folder, record)
    for record in folder.records:
        _claim(folder, record)
    for record in folder.records:
        _end(folder, record)


def _stand(folder: Folder, record: Record) -> None:
    if record.status:
        return
    if any(line.startswith("* Status:") for line in record.kept):
        record.status = "proposed"
        folder.note(record, "Its status is not known here: taken as proposed.")
    else:
        record.status = "accepted" if record.is_decided else "draft"
        folder.note(record, f"It says no status: taken as {record.status}.")


def _follow(folder: Folder, record: Record) -> None:
    """`Superseded by`: the first one that is there; the others are kept as they are said."""
    for reference in record.by:
        found = _named(folder, reference)
        if found and found is not record and record.file not in folder.successors:
            folder.successors[record.file] = found.file
        elif found is None or folder.successors.get(record.file) != found.file:
            record.keep("Superseded by", reference.said)


def _claim(folder: Folder, record: Record) -> None:
    """`Supersedes`, of a record that does not say so itself."""
    for reference in record.supersedes:
        found = _named(folder, reference)
        if found and folder.successors.get(found.file) == record.file:
            continue
        if found and found is not record and (found.status, record.status) == ("accepted", "accepted"):
            found.status = "superseded"
            folder.successors[found.file] = record.file
            folder.note(found, f"{record.file} supersedes it.")
        else:
            record.keep("Supersedes", reference.said)


def _end(folder: Folder, record: Record) -> None:
    """What is superseded by nothing that is there, by a draft, or by itself in the end, is deprecated."""
    if record.status != "superseded":
        folder.successors.pop(record.file, None)
        return
    by_file = {each.file: each for each in folder.records}
    seen, at = {record.file}, folder.successors.get(record.file)
    first = by_file.get(at) if at else None
    while at and at not in seen:
        seen.add(at)
        at = folder.successors.get(at)
    if first is None or at == record.file or first.status == "draft":
        folder.successors.pop(record.file, None)
        record.status = "deprecated"
        record.keep("Status", f"superseded by {first.file}" if first else "superseded")
        folder.note(record, "What supersedes it is not among these: taken as deprecated.")


def _named(folder: Folder, reference: Reference) -> Record | None:
    base = reference.file
    by_name = [each for each in folder.records if base and PurePosixPath(each.file).name in {base, f"{base}{SUFFIX}"}]
    by_number = [each for each in folder.records if each.number is not None and each.number == reference.number]
    return by_name[0] if by_name else by_number[0] if len(by_number) == 1 else None
