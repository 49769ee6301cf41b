"""Reading an archive: every topic, in order; what is broken is named, and reading goes on."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from dfworx.imports.zulip.archive import ArchivedMessage, Broken, Topic, files, read


def row(number=1, **changes):
    return {
        "id": number,
        "sender_full_name": "Ada",
        "timestamp": 1_700_000_000 + number,
        "content": "<p>x</p>",
    } | changes


def read_all(path) -> list[Any]:
    return list(read(path))


@pytest.fixture
def write(tmp_path):
    def write(path, content):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return file

    return write


def test_it_works(tmp_path, write):
    file = write("7-ops/Retries.20on.20the.20queue.json", [row(2), row(1)])
    (topic,) = read_all(tmp_path)
    assert topic == Topic(
        7,
        "ops",
        "Retries on the queue",
        resolved=False,
        path=file,
        messages=[
            ArchivedMessage(1, "Ada", datetime.fromtimestamp(1_700_000_001, UTC), "<p>x</p>"),
            ArchivedMessage(2, "Ada", datetime.fromtimestamp(1_700_000_002, UTC), "<p>x</p>"),
        ],
    )


@pytest.mark.parametrize(
    ("path", "stream", "name", "is_resolved"),
    [
        ("7-ops/a.2Fb.json", "ops", "a/b", False),
        ("7-ops/.E2.9C.94.20done.json", "ops", "done", True),
        ("7-ops/✔ done.json", "ops", "done", True),
        ("7-ops/.E2.9C.94done.json", "ops", "✔done", False),
        ("7-ops/v1.2E2.json", "ops", "v1.2", False),
        ("7-ops/100%.json", "ops", "100%", False),
        ("7-ops/a.FF.json", "ops", "a\ufffd", False),
        ("7-dev/ops/x.json", "dev/ops", "x", False),
        ("7-dev.20ops/x.json", "dev ops", "x", False),
        ("7-a-b-c/x.json", "a-b-c", "x", False),
    ],
)
def test_names(tmp_path, write, path, stream, name, is_resolved):
    write(path, [row()])
    (topic,) = read_all(tmp_path)
    assert (topic.stream_id, topic.stream, topic.name, topic.resolved) == (7, stream, name, is_resolved)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"),
        (b"[{", "not JSON"),
        (b'{"a": 1}', "not a list of messages"),
        (b'[{"content": "\xff"}]', "not in UTF-8"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_broken_file_is_named_and_reading_goes_on(tmp_path, write, content, reason):
    file = write("7-ops/a.json", content)
    write("7-ops/b.json", [row()])
    broken, topic = read_all(tmp_path)
    assert isinstance(broken, Broken)
    assert broken.path == file
    assert reason in broken.reason
    assert topic.name == "b"


def test_a_file_that_cannot_be_opened_is_named(tmp_path):
    (tmp_path / "7-ops" / "a.json").mkdir(parents=True)
    (broken,) = read_all(tmp_path)
    assert "cannot be opened" in broken.reason


@pytest.mark.parametrize("path", ["a.json", "ops/a.json", "x-ops/a.json", "7/a.json"])
def test_a_file_outside_a_stream_is_named(tmp_path, write, path):
    write(path, [row()])
    (broken,) = read_all(tmp_path)
    assert broken.reason == "not in a folder named ID-NAME"


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("text", "not an object"),
        (row(id=None), "`id`"),
        (row(id="7"), "`id`"),
        (row(id=True), "`id`"),
        (row(id=-1), "`id`"),
        (row(id=2**63), "`id`"),
        (row(sender_full_name=None), "`sender_full_name`"),
        (row(content=["x"]), "`content`"),
        (row(timestamp="now"), "`timestamp`"),
        (row(timestamp=True), "`timestamp`"),
        (row(timestamp=float("nan")), "`timestamp`"),
        (row(timestamp=float("inf")), "`timestamp`"),
        (row(timestamp=1e18), "`timestamp`"),
        (row(5), "the id 5 is there twice"),
    ],
)
def test_a_broken_message_is_named_and_the_others_are_kept(tmp_path, write, message, reason):
    write("7-ops/a.json", [row(5), message, row(6)])
    broken, topic = read_all(tmp_path)
    assert broken.reason.startswith("message 1: ")
    assert reason in broken.reason
    assert [kept.id for kept in topic.messages] == [5, 6]


def test_a_nameless_sender_is_unknown(tmp_path, write):
    write("7-ops/a.json", [row(sender_full_name=" ")])
    (topic,) = read_all(tmp_path)
    assert topic.messages[0].sender == "Unknown"


def test_other_files_are_not_ours(tmp_path, write):
    write("7-ops/notes.txt", b"x")
    assert list(read(tmp_path)) == []
    assert len(files(tmp_path)) == 0


def test_a_survey_counts_the_files(tmp_path, write):
    for name in "abc":
        write(f"7-ops/{name}.json", b"broken")
    assert len(files(tmp_path)) == 3


def test_one_file_is_read_at_a_time(tmp_path, write):
    write("7-ops/a.json", [row()])
    late = write("7-ops/b.json", [row()])
    topics = read(tmp_path)
    next(topics)
    late.write_text("broken")
    assert isinstance(next(topics), Broken)
