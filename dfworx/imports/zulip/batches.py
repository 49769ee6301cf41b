"""An archive in batches: each makes a good transaction, and says where the next one begins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dfworx.imports.zulip.archive import ArchivedMessage, Broken, Topic, read_file

MESSAGES = 2000
CHARACTERS = 4_000_000


@dataclass
class Part:
    """Some messages of a topic: a long topic comes in several parts."""

    topic: Topic
    messages: list[ArchivedMessage]

    @property
    def origin(self) -> str:
        """What the thread is known by at the next import."""
        return origin_of(self.topic.stream_id, self.topic.name)


@dataclass
class Batch:
    """Some messages, what could not be read on the way to them, and where the next batch begins."""

    at_file: int
    at_message: int
    parts: list[Part] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    files: int = 0
    messages: int = 0
    characters: int = 0

    @property
    def is_full(self) -> bool:
        """Whether it is enough for a transaction."""
        return self.messages >= MESSAGES or self.characters >= CHARACTERS

    def take(self, topic: Topic, start: int) -> int:
        """Take of a topic what there is room for, at least one message; gives where the rest begins."""
        part = Part(topic, [])
        for message in topic.messages[start:]:
            part.messages.append(message)
            self.messages += 1
            self.characters += len(message.html)
            if self.is_full:
                break
        self.parts.append(part)
        return start + len(part.messages)


def origin_of(stream_id: int, topic: str) -> str:
    """What a thread is known by."""
    return f"zulip:{stream_id}:{topic}"


def batches(root: Path, files: Sequence[Path], at_file: int = 0, at_message: int = 0) -> Iterator[Batch]:
    """The archive from a place on; one file in memory at a time."""
    batch = Batch(at_file, at_message)
    for index in range(at_file, len(files)):
        at = at_message if index == at_file else 0
        for found in read_file(root, files[index]):
            if isinstance(found, Broken):
                batch.broken += [found] if at == 0 else []  # an earlier batch has named it
                continue
            while at < len(found.messages):
                at = batch.take(found, at)
                batch.at_file, batch.at_message = index, at
                if batch.is_full:
                    yield batch
                    batch = Batch(index, at)
            batch.files += 1
        batch.at_file, batch.at_message = index + 1, 0
        if len(batch.broken) >= MESSAGES:
            yield batch
            batch = Batch(index + 1, 0)
    yield batch
