"""(decided) "Already decided?", the palette and the register, among 10,000 decisions in our documentation's words."""

import asyncio
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import text

from dfworx.core import ids
from tests.bench.figures import Figure, percentile
from tests.bench.finding import timed
from tests.bench.stage import Stage

MANY = 10_000
DOCS = Path(__file__).parents[2] / "docs"
# What people type: a question, one of common words alone, errors, the beginning of a word, nobody's words.
TYPED = (
    "Should we back off when retrying queues?",
    "Which database do we use for messages",
    "the server and the thread and the decision",
    "Retyr queus with exponental backof",
    "permissons of the tokns for scripts",
    "Postgr",
    "where do drafts live in the browser when nobody looks at the page",
    "zzzz qqqq",
)
# What people type into the palette: numbers, a beginning, parts of words, one that is in many titles, nobody's.
LOOKED_FOR = ("DEC-42", "4242", "postgr", "ermission", "queue retr", "the", "server mess", "zzz")
NARROWED_TO = ("", "queue", "the server", "zzz")  # words of titles
DECIDED, PALETTE, REGISTER, COUNTS = "already decided?", "the palette", "the register", "its counts"
ASKED = {
    DECIDED: ("/decisions/similar", "words", TYPED),
    PALETTE: ("/palette", "q", LOOKED_FOR),
    REGISTER: ("/decisions", "title", NARROWED_TO),
    COUNTS: ("/decisions/counts", "title", NARROWED_TO),
}
AT_MOST = {DECIDED: 150, PALETTE: 50, REGISTER: 100, COUNTS: 100}
THREAD = text(
    """insert into dfworx.threads
         (id, created_at, organization_id, place_id, title, created_by, last_seq, version, history_seq, is_default,
          is_record)
       values (:thread, now(), :organization, :place, :title, :by, 0, 0, 0, false, true)"""
)
DECISION = text(
    """insert into dfworx.decisions
         (id, created_at, organization_id, thread_id, created_by, number, status, version, title, context, drivers,
          options, chosen, outcome, consequences, confirmation, more, paths, quorum, share, comment_hours,
          is_business_days, is_hidden, is_anonymous, ballot, consulted, informed, closing, replaces, origin)
       values (gen_random_uuid(), now(), :organization, :thread, :by, :number, 'accepted', 1, :title, '', :drivers,
          '[]', :chosen, :outcome, '', '', '', '[]', 0, 0, 72, false, false, false, '', '', '', '', '[]', :origin)"""
)
AS_SYSTEM = text("select set_config('request.jwt.claims', :claims, true)")


def measure(stage: Stage) -> list[Figure]:
    """One decision first, then the same questions among many."""
    written = _written(random.Random(MANY))
    with stage.server():
        _fill(stage, [next(written)])
        alone = asyncio.run(_ask(stage))
        _fill(stage, [next(written) for _ in range(MANY - 1)])
        among = asyncio.run(_ask(stage))
    return [
        Figure(
            "decided", f"{what} among {MANY:,}, p{share * 100:.0f}",
            percentile(among[what], share), "ms", percentile(alone[what], share), "one decision",
            at_most=AT_MOST[what] if share > 0.9 else None,
        )
        for what in ASKED for share in (0.5, 0.95)
    ]  # fmt: skip


def _written(dice: random.Random) -> Iterator[dict[str, Any]]:
    """Records, some words common and some rare, as people's are."""
    docs = " ".join(path.read_text() for path in sorted(DOCS.glob("*.md")))
    words = re.findall(r"[a-z]{2,}", docs.lower())
    number = 0
    while True:
        number += 1
        yield {
            "number": number,
            "origin": f"bench:{number}",
            "title": " ".join(dice.choices(words, k=dice.randint(4, 9))),
            "chosen": " ".join(dice.choices(words, k=4)),
            "drivers": " ".join(dice.choices(words, k=dice.randint(20, 80))),
            "outcome": " ".join(dice.choices(words, k=dice.randint(20, 100))),
        }


def _fill(stage: Stage, records: list[dict[str, Any]]) -> None:
    """Store them as an import does: what is born accepted comes from elsewhere."""
    opener = stage.people[0]
    same = {"organization": opener.organization_id, "by": opener.membership_id, "place": stage.place}
    rows = [{**same, **record, "thread": ids.new_id()} for record in records]
    with stage.admin.begin() as connection:
        connection.execute(AS_SYSTEM, {"claims": json.dumps({"actor": "system"})})
        connection.execute(THREAD, rows)
        connection.execute(DECISION, rows)
    with stage.admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


async def _ask(stage: Stage) -> dict[str, list[float]]:
    """Times of answers in ms, each kind of question by itself, in random order."""
    questions = [
        (what, stage.api(path), {name: words}) for what, (path, name, typed) in ASKED.items() for words in typed
    ]
    asked = questions * (stage.size.openings // 2)
    random.shuffle(asked)
    took: dict[str, list[float]] = {what: [] for what in ASKED}
    async with aiohttp.ClientSession(headers=stage.headers(stage.people[3])) as session:
        for _, address, parameters in questions:
            await timed(session, address, parameters)
        for what, address, parameters in asked:
            took[what].append(await timed(session, address, parameters))
    return took
