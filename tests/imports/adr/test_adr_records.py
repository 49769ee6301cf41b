"""Records of every dialect are understood, and no word of theirs is lost."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dfworx.decisions.service_written import written
from dfworx.decisions.validators import Content, Option
from dfworx.imports.adr.folder import read_folder
from dfworx.imports.adr.records import Record, read

NYGARD = """# 2. Keep orders in Postgres

Date: 2021-03-04

## Status

Accepted

Supersedes [1. Keep orders in files](0001-keep-orders-in-files.md)

Amends [7. Backups](0007-backups.md)

## Context

Files are lost.

## Decision

We keep them in Postgres.

## Consequences

Somebody must look after it.
"""
MADR_4 = """---
status: "superseded by [ADR-0005](0005-use-valkey.md)"
date: 2024-05-06
decision-makers: Ada Ferreira, Ben Okafor
consulted: [Cy, "Dia, of operations"]
informed:
  - everybody
nav_order: 3
---
# Use Redis for sessions

## Context and Problem Statement

Where do sessions live?

## Decision Drivers

* latency

## Considered Options

* Redis
* [Postgres](https://www.postgresql.org) – what we have
* Cookies

## Decision Outcome

Chosen option: "Redis", because it is fast.

### Consequences

* Good, because pages are fast
* Bad, because it is one more thing to run

### Confirmation

A load test.

## Pros and Cons of the Options

### Redis

In memory.

* Good, because it is fast
* Neutral, because we know it
* Bad, because it forgets

### [Postgres](https://www.postgresql.org)

* Good, because it is there,
  and backed up

### None at all

* OK, because nobody asked

## More Information

See the wiki.

## Links

* [Benchmarks](bench.md)
"""
LOG4BRAINS = """# Use pnpm

- Status: accepted <!-- optional -->
- Deciders: Ada
- Date: 2022-01-02
- Tags: front end

Technical Story: ticket 17

## Context and Problem Statement

npm is slow.

## Decision Outcome

Chosen option: pnpm.

### Positive Consequences <!-- optional -->

- faster

## Links

- Supersedes [20211212-use-npm](20211212-use-npm.md)
"""
MADR_2 = """# Use Markdown

* Status: [accepted | superseded by [ADR-0009](0009-x.md)]
* Deciders: [list everyone involved]

## Considered Options

* [option 1]

## Decision Outcome

Chosen option: "[option 1]", because [justification].
"""
STRUCTURE = """status date decision makers maker consulted informed nav order context and problem statement drivers
considered options option outcome chosen consequences confirmation pros cons of the good bad neutral because more
information 2 3 supersedes by deciders optional"""  # the headings, and the number that is the file's


def words(record: Record) -> Iterator[str]:
    """Every text that came out of a file."""

    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for each in value.values():
                yield from texts(each)
        elif isinstance(value, list):
            for each in value:
                yield from texts(each)
        elif isinstance(value, str):
            yield value

    yield from texts(record.content().model_dump(mode="json"))
    yield from (record.status, record.reason, *record.deciders)
    yield from (reference.said for reference in (*record.by, *record.supersedes))
    yield str(record.day)


def said(text: str) -> set[str]:
    """The words of a text."""
    return set(re.findall(r"[^\W_]+", text.lower()))


@pytest.mark.parametrize("text", [NYGARD, MADR_4, LOG4BRAINS, MADR_2])
def test_no_word_is_lost(text):
    record = read("0002-x.md", text)
    assert said(text) - said(" ".join(words(record))) <= set(STRUCTURE.split())


def test_adr_tools():
    record = read("0002-keep-orders.md", NYGARD)
    assert (record.number, record.title, record.status) == (2, "Keep orders in Postgres", "accepted")
    assert str(record.day) == "2021-03-04 00:00:00+00:00"
    assert [each.file for each in record.supersedes] == ["0001-keep-orders-in-files.md"]
    content = record.content()
    assert (content.context, content.outcome) == ("Files are lost.", "We keep them in Postgres.")
    assert content.consequences == "Somebody must look after it."
    assert content.more == "* Status: Amends [7. Backups](0007-backups.md)"


def test_madr_with_front_matter():
    record = read("0003-use-redis.md", MADR_4)
    content = record.content()
    assert (record.status, record.by[0].file, record.deciders) == (
        "superseded", "0005-use-valkey.md", ["Ada Ferreira", "Ben Okafor"],
    )  # fmt: skip
    assert (content.chosen, content.outcome) == ("Redis", "because it is fast.")
    redis, postgres, cookies, none = content.options
    assert (redis.title, redis.text, redis.pros, redis.neutral, redis.cons) == (
        "Redis", "In memory.", ["it is fast"], ["we know it"], ["it forgets"],
    )  # fmt: skip
    assert postgres.title == "[Postgres](https://www.postgresql.org) – what we have"
    assert postgres.pros == ["it is there,\nand backed up"]
    assert (cookies.title, none.title, none.text) == ("Cookies", "None at all", "* OK, because nobody asked")
    assert content.confirmation == "A load test."
    assert content.more == (
        "See the wiki.\n\n### Links\n\n* [Benchmarks](bench.md)\n\n* Decision makers: Ada Ferreira, Ben Okafor"
    )
    assert (content.consulted, content.informed) == ("Cy, Dia, of operations", "everybody")


def test_log4brains():
    record = read("adr/20220102-use-pnpm.md", LOG4BRAINS)
    content = record.content()
    assert (record.number, record.status, record.deciders) == (None, "accepted", ["Ada"])
    assert content.context == "Technical Story: ticket 17\n\nnpm is slow."
    assert content.consequences == "#### Positive Consequences\n\n- faster"
    assert str(read("20220102-use-pnpm.md", "# Use pnpm\n").day) == "2022-01-02 00:00:00+00:00"


@pytest.mark.parametrize(
    ("status", "means", "kept"),
    [
        ("Accepted", "accepted", ""),
        ("approved", "accepted", "* Status: approved"),
        ("on hold", "", "* Status: on hold"),
        ("Superseded by ADR-0012", "superseded", ""),
        ("Accepted, superseded by [4](0004-b.md)", "superseded", ""),
        ("Superseded by ADR-0012 in May", "superseded", "* Status: Superseded by ADR-0012 in May"),
        ("~~accepted~~ who knows", "", "* Status: ~~accepted~~ who knows"),
    ],
)
def test_statuses(status, means, kept):
    record = read("0001-a.md", f"# A\n\n## Status\n\n{status}\n")
    assert (record.status, record.content().more) == (means, kept)


def test_one_takes_the_place_of_another_whichever_says_so():
    old, new = "# A\n\n## Status\n\nAccepted\n", "# B\n\n## Status\n\nAccepted\n\nSupersedes [1. A](0001-a.md)\n"
    found = read_folder([("0001-a.md", old.encode()), ("0002-b.md", new.encode())])
    assert [each.status for each in found.records] == ["superseded", "accepted"]
    assert (found.name, found.successors) == ("decisions", {"0001-a.md": "0002-b.md"})


def test_superseded_by_nothing_is_deprecated():
    circle = {
        "0001-a.md": "# A\n\nStatus: superseded by [b](0002-b.md)\n",
        "0002-b.md": "# B\n\nStatus: superseded by [a](0001-a.md)\n",
        "0003-c.md": "# C\n\nStatus: superseded by [z](0099-z.md)\n",
    }
    found = read_folder([(name, text.encode()) for name, text in circle.items()])
    assert sorted(each.status for each in found.records) == ["deprecated", "deprecated", "superseded"]
    assert found.successors == {"0002-b.md": "0001-a.md"}
    assert "Superseded by: [z](0099-z.md)" in found.records[2].content().more


def test_what_is_no_record_is_named():
    found = read_folder(
        [
            ("README.md", b"# Decisions"),
            ("adr-template.md", b"# {title}"),
            ("notes.md", b"# Notes\n\nOf a meeting."),
            ("0001-a.md", b"\xff\xfe"),
            ("0002-b.md", b"# B\n\n## Context\n\n" + b"x" * 20_001),
            ("0003-c.md", None),
            ("0004-d.md", b"# D\n\nSome words."),
        ]
    )
    assert found.others == ["README.md", "adr-template.md", "notes.md"]
    assert [name for name, _ in found.broken] == ["0001-a.md", "0002-b.md", "0003-c.md"]
    assert found.broken[1][1] == "Its context is longer than 20,000 characters."
    assert [(each.title, each.status) for each in found.records] == [("D", "draft")]


# -- generated records

BITS = (
    "word", "# A", "## Context", "### Consequences", "```", "~~~", "- x", "* Good, because y", "1. one", "> q",
    "<!-- c", "-->", "<div>", "<pre>", "===", "---", "    code", 'Chosen option: "a", because b', "because q", "# C #",
    "#",
    "[a]: http://x", "***", "Status: accepted", "\r\n", "|a|b|", "\\", "`", "<script>", "<?", "<![CDATA[",
    "\u2028x",
)  # fmt: skip
LINES = st.one_of(
    st.sampled_from(BITS), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
)
TEXTS = st.builds(
    lambda parts, joint: joint.join(parts), st.lists(LINES, max_size=6), st.sampled_from(["\n", "\n\n", " "])
)
TITLES = LINES.filter(lambda t: t.strip() and not any(unicodedata.category(c) == "Cc" for c in t))
REASONS = st.lists(TEXTS, max_size=2)
OPTIONS = st.builds(Option, title=TITLES, text=TEXTS, pros=REASONS, cons=REASONS, neutral=REASONS)
CONTENTS = st.builds(
    Content, title=TITLES, context=TEXTS, drivers=TEXTS, options=st.lists(OPTIONS, max_size=3),
    chosen=st.one_of(st.just(""), TITLES), outcome=TEXTS, consequences=TEXTS, confirmation=TEXTS, more=TEXTS,
)  # fmt: skip


PLATFORM = "0198f2c4-0000-7000-8000-000000000001"


def as_file(content: Content) -> str:
    return f"---\nstatus: accepted\n---\n{written(content)}"


@given(CONTENTS)
@settings(max_examples=150, deadline=None)
def test_what_is_written_reads_as_what_is_written_the_same_way(content):
    text = as_file(content)
    assert as_file(read("0001-x.md", text).content()) == text


def test_channels_that_are_there_are_named_and_others_stay_as_words():
    text = "---\nstatus: accepted\nchannels: [Platform, gone]\n---\n# One database\n"
    record = read("0001-x.md", text)
    record.there = {"platform": PLATFORM}
    content = record.content()
    assert (content.channels, content.more) == ([PLATFORM], "* Channels: gone")


SECTIONS = ("Status", "Context", "Decision", "Consequences", "Considered Options", "Decision Outcome", "Notes",
            "Links", "Pros and Cons of the Options", "More Information", "Context and Problem Statement",
            "Validation")  # fmt: skip
SIGNS = (
    "",
    "* ",
    "1. ",
    "- Good, because ",
    "* Bad, because ",
    "> ",
    "    ",
    "### ",
    "#### ",
    "Superseded by [1](0001-a.md) ",
    'Chosen option: "',
)
PIECES = st.tuples(
    st.sampled_from(SIGNS), st.integers(0, 9_999).map(lambda n: f"word{n}"), st.sampled_from(["\n", "\n\n"])
)
BODIES = st.lists(PIECES, max_size=6).map(lambda pieces: "".join("".join(piece) for piece in pieces))
FILES = st.lists(st.tuples(st.sampled_from(SECTIONS), st.integers(1, 4), BODIES), max_size=6).map(
    lambda parts: "\n".join(f"\n{'#' * level} {heading}\n\n{body}" for heading, level, body in parts)
)


@given(BODIES, FILES)
@settings(max_examples=300, deadline=None)
def test_no_word_of_a_generated_file_is_lost(before, text):
    whole = f"# Title\n\n{before}\n{text}"
    wanted = set(re.findall(r"word\d+", whole))
    assert wanted <= set(re.findall(r"word\d+", " ".join(words(read("0001-x.md", whole)))))
