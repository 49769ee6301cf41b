"""A folder and the register side by side: what each side has changed since both were the same. Nothing is done here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from dfworx.decisions.service_written import written
from dfworx.decisions.validators import Content
from dfworx.decisions.views import RecordFile
from dfworx.imports.adr.folder import Folder
from dfworx.imports.adr.records import Record
from dfworx.imports.views import Broken

OPEN = {"final_comment": "proposed"}  # what a file calls it
WRITABLE = {"draft", "proposed", "final_comment"}
ENDS = {"superseded", "deprecated"}


@dataclass(frozen=True)
class Kept:
    """A record and its file as they were when both sides last were the same, by their digests."""

    decision: UUID
    file: str
    record: str


@dataclass
class Tree:
    """A folder as it is: the digests of its files, what they say, and the last common state by the names of files."""

    folder: Folder
    digests: dict[str, str]
    kept: dict[str, Kept] = field(default_factory=dict)

    @property
    def unreadable(self) -> dict[str, str]:
        """The files that somebody has left so that they cannot be read, and why; not what was written out so itself."""
        return {
            file: reason
            for file, reason in self.folder.broken
            if (kept := self.kept.get(file)) is None or kept.file != self.digests.get(file)
        }

    def origin(self, file: str) -> str:
        """What tells a file from every other, as for an import of the same folder."""
        return f"adr:{self.folder.name}:{file}"


@dataclass(frozen=True)
class Change:
    """What a file says anew of a record: its text, or that it holds no more, and which file takes its place."""

    file: str
    record: RecordFile
    content: Content | None = None
    reason: str = ""
    successor: str = ""

    @property
    def what(self) -> str:
        """What becomes of the record."""
        if self.content is None:
            return "superseded" if self.successor else "deprecated"
        return "rewritten" if self.record.status in WRITABLE else "amended"


@dataclass
class Plan:
    """What is to be done; with a problem, nothing."""

    pairs: dict[str, RecordFile] = field(default_factory=dict)
    new: list[Record] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    problems: list[Broken] = field(default_factory=list)
    left_out: int = 0

    @property
    def same(self) -> int:
        """How many records need nothing."""
        return len(self.pairs) - len(self.written) - len(self.changes)

    def stop(self, file: str, reason: str) -> None:
        """Name something that has to be settled first."""
        self.problems.append(Broken(path=file, reason=reason))


def digest(content: bytes) -> str:
    """What tells whether something was changed."""
    return sha256(content).hexdigest()


def compared(tree: Tree, records: Iterable[RecordFile], amends: str = "") -> Plan:
    """What each side has changed; `amends` says what changed texts of closed records correct."""
    records = list(records)
    plan = Plan(_paired(tree, [each for each in records if not each.stays_out]))
    found = {each.file: each for each in tree.folder.records}
    _understand(tree, plan.pairs)
    broken = tree.unreadable
    for file, reason in broken.items():
        plan.stop(file, reason)
    for file in plan.pairs:
        if file not in broken:
            _judge(plan, tree, file, found.get(file), amends)
    taken = {each.number: each for each in records if each.number}
    free = max([*taken, *(each.number or 0 for each in tree.folder.records)], default=0) + 1
    for each in tree.folder.records:
        if each.file not in plan.pairs:
            _take_in(plan, each, taken, free)
    has_file = {each.id for each in plan.pairs.values()}
    for record in records:
        if record.number and record.id not in has_file and record.stays_out:
            plan.left_out += 1
        elif record.number and record.id not in has_file:
            _write_out(plan, tree, record)
    return plan


def agrees(found: Record, record: RecordFile) -> bool:
    """Whether a file says what the record says, however it is written."""
    return found.status == OPEN.get(record.status, record.status) and _says(found.content(), record)


def _says(content: Content, record: RecordFile) -> bool:
    return _told(content, record.unsaid) == _told(record.content, record.unsaid)


def _told(content: Content, unsaid: Sequence[str]) -> tuple[object, ...]:
    scope = content.paths, sorted({*content.channels} - {*unsaid})
    return written(content), scope, content.consulted, content.informed, content.review_on


def _paired(tree: Tree, records: list[RecordFile]) -> dict[str, RecordFile]:
    """Which file is which record: as it was, by where it came from, or by its number."""
    by_id = {each.id: each for each in records}
    pairs = {file: by_id[kept.decision] for file, kept in tree.kept.items() if kept.decision in by_id}
    has_file = {each.id for each in pairs.values()}
    by_origin = {each.origin: each for each in records if each.origin}
    by_number = {each.number: each for each in records if each.number}
    for each in tree.folder.records:
        number = each.number if each.status != "draft" else None
        match = by_origin.get(tree.origin(each.file)) or by_number.get(number or 0)
        if each.file not in pairs and match is not None and match.id not in has_file:
            pairs[each.file] = match
            has_file.add(match.id)
    return pairs


def _understand(tree: Tree, pairs: Mapping[str, RecordFile]) -> None:
    """What is superseded by a record that stays out says no more than that; alone, it would be taken as deprecated."""
    for found in tree.folder.records:
        record = pairs.get(found.file)
        if record and record.status == "superseded":
            found.stay_superseded()


def _judge(plan: Plan, tree: Tree, file: str, found: Record | None, amends: str) -> None:
    """What to do about a file and its record."""
    record, kept, now = plan.pairs[file], tree.kept.get(file), tree.digests.get(file)
    then = digest(record.text.encode())
    is_file_same, is_record_same = kept and kept.file == now, kept and kept.record == then
    if now is None or (is_file_same and not is_record_same):
        plan.written.append(file)
    elif now == then or is_file_same:
        _claimed(plan, tree, file, found)
    elif found is None:
        plan.stop(file, f"It is no record any more, and {_named(record)} is one.")
    elif agrees(found, record):
        return
    elif kept is None:
        plan.stop(file, f"It is not what {_named(record)} says, and nothing tells which of both is newer.")
    elif not is_record_same:
        plan.stop(file, f"Both sides have changed it: the file, and {_named(record)}.")
    else:
        _change(plan, tree, file, found, amends)


def _claimed(plan: Plan, tree: Tree, file: str, found: Record | None) -> None:
    """A record that another file says to supersede."""
    record, by = plan.pairs[file], tree.folder.successors.get(file, "")
    if found and by and (record.status, found.status) == ("accepted", "superseded"):
        plan.changes.append(Change(file, record, successor=by))


def _change(plan: Plan, tree: Tree, file: str, found: Record, amends: str) -> None:
    """Only the file has changed: what the protocol allows to come of it."""
    record, content = plan.pairs[file], found.content()
    successor = tree.folder.successors.get(file, "")
    is_decided = all(each.status != "proposed" for each in tree.folder.records if each.file == successor)
    if found.status != OPEN.get(record.status, record.status):
        can_end = record.status == "accepted" and found.status in ENDS and is_decided
        if can_end and _says(content, record):
            reason = found.reason or f"Deprecated in {file}."
            plan.changes.append(Change(file, record, reason=reason, successor=successor))
        else:
            plan.stop(file, f"It says {found.status}, and {_named(record)} is {record.status}: no file decides that.")
    elif record.status in WRITABLE or amends:
        scope = [*content.channels, *(each for each in record.unsaid if each not in content.channels)]
        plan.changes.append(Change(file, record, content.model_copy(update={"channels": scope})))
    else:
        why = "take the change back, say with --amend what it corrects, or write a record that supersedes it"
        plan.stop(file, f"{_named(record)} is {record.status}, and its text stays: {why}.")


def _take_in(plan: Plan, found: Record, taken: Mapping[int, RecordFile], free: int) -> None:
    """A file that nothing is known of."""
    number = found.number if found.status != "draft" else None
    others = [each.file for each in plan.new if each.number == number and each.status != "draft"]
    if number is not None and number in taken:
        plan.stop(found.file, f"The number {number} is {_named(taken[number])} already; {free} is free.")
    elif number is not None and (number < 1 or others):
        plan.stop(found.file, f"The number {number} is taken by {others[0]}." if others else "Numbers begin with 1.")
    else:
        plan.new.append(found)


def _write_out(plan: Plan, tree: Tree, record: RecordFile) -> None:
    """A record that has no file yet."""
    if record.name in tree.digests:
        plan.stop(record.name, f"It lies where {_named(record)} belongs, and is something else.")
        return
    plan.pairs[record.name] = record
    plan.written.append(record.name)


def _named(record: RecordFile) -> str:
    if record.stays_out:
        return "that of a record of a private channel"
    return f"{record.ref or 'the draft'} “{record.title}”"
