"""(rls) What row-level security costs: the statements of hot verbs, as a member and as the superuser it does not bind.

The statements are those that the services really send; they are recorded once and sent again by psycopg, prepared.
"""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import event, text

from dfworx.infra import database
from dfworx.infra.database import Tx, transaction
from dfworx.messages import service as messages
from dfworx.palette import service as palette
from dfworx.threads import service as threads
from tests.bench import finding, opening
from tests.bench.figures import Figure, middle
from tests.bench.stage import Stage

MESSAGES = 20_000
TIMES = 150
TIMELINE = """select id, thread_id, html from dfworx.messages where organization_id = %(organization)s
  order by created_at desc, id desc limit 50"""
OPEN = "select set_config('role', %(role)s, true), set_config('request.jwt.claims', %(claims)s, true)"

Statement = tuple[str, Any]
Verb = Callable[[Tx], Awaitable[object]]


def measure(stage: Stage) -> list[Figure]:
    """Pairs in random order; each in a transaction of its own that is opened as every one is."""
    finding.fill(stage)
    thread = opening.filled(stage, MESSAGES)
    with stage.admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    hot = asyncio.run(_recorded(stage, thread))
    took: dict[tuple[str, str], list[float]] = {(what, who): [] for what in hot for who in ("dfworx_app", "postgres")}
    runs = [*took] * TIMES
    random.shuffle(runs)
    address = stage.settings.database_url.replace("+psycopg", "")
    logins = {who: psycopg.connect(address.replace("dfworx_app@", f"{who}@")) for _, who in took}
    for what, who in runs:
        took[what, who].append(_time(logins[who], _opening(stage, who), hot[what]))
    for login in logins.values():
        login.close()
    return [
        Figure("rls", what, middle(took[what, "dfworx_app"]), "ms", middle(took[what, "postgres"]), "without",
               at_most=1.3, of_limit=True)
        for what in hot
    ]  # fmt: skip


async def _recorded(stage: Stage, thread: UUID) -> dict[str, list[Statement]]:
    """The statements of each verb."""
    person = stage.people[3]
    with stage.admin.connect() as connection:
        some = text("select id from dfworx.messages where thread_id = :thread and seq = 777")
        message = connection.execute(some, {"thread": thread}).scalar_one()
    verbs: dict[str, Verb] = {
        "a thread's page of 50": lambda tx: messages.page(tx, thread, around=MESSAGES // 2),
        "one message": lambda tx: messages.get(tx, message),
        "the sidebar": threads.sidebar,
        "the palette": lambda tx: palette.find(tx, "queue retr"),
    }
    heard: list[Statement] = []

    def hear(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if "set_config" not in statement:
            heard.append((statement, parameters))

    event.listen(database.engine().sync_engine, "before_cursor_execute", hear)
    found = {}
    for what, verb in verbs.items():
        async with transaction(person.actor) as tx:
            await verb(tx)
        found[what] = [*heard]
        heard.clear()
    await database.dispose()
    return found | {"the organization's last 50": [(TIMELINE, {"organization": person.organization_id})]}


def _opening(stage: Stage, who: str) -> dict[str, str]:
    person = stage.people[3]
    claims = {"sub": str(person.user_id), "organization_id": str(person.organization_id), "actor": "person"}
    return {"role": "authenticated" if who == "dfworx_app" else who, "claims": json.dumps(claims)}


def _time(login: "psycopg.Connection[Any]", opening: dict[str, str], statements: list[Statement]) -> float:
    """The time of the statements in ms, without the opening of the transaction."""
    login.execute(OPEN, opening)
    begun = time.perf_counter()
    for statement, parameters in statements:
        login.execute(statement, parameters).fetchall()
    took = (time.perf_counter() - begun) * 1000
    login.rollback()
    return took
