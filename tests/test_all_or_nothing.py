"""All or nothing: each verb that writes is broken off at each of its statements, and at its commit; nothing remains."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, event, text

from dfworx.accounts import service as accounts
from dfworx.accounts.validators import AccountChange
from dfworx.channels import service as channels
from dfworx.channels.validators import NewChannel
from dfworx.core import ids
from dfworx.core.permissions import Role
from dfworx.infra import database
from dfworx.infra.database import Tx, listeners
from dfworx.messages import service as messages
from dfworx.messages.validators import MessageChange, NewMessage
from dfworx.organizations import service as organizations
from dfworx.organizations.validators import NewInvitation, NewOrganization, RoleChange
from dfworx.threads import service as threads
from dfworx.threads import service_reading as reading
from dfworx.threads.validators import Move, NewThread
from tests.cast import Cast, say

pytestmark = pytest.mark.anyio

Verb = Callable[[Tx, Cast, UUID], Awaitable[Any]]


MANY = 60  # statements; of more than that every second one breaks, or every third


class Broken(Exception):
    """The power went out, as far as this statement is concerned."""


VERBS: dict[str, Verb] = {
    "post a message": lambda tx, cast, said: messages.post(
        tx, cast.retries, NewMessage(source="Are **31** events lost?", client_key=ids.new_id(), reply_to_id=said)
    ),
    "edit a message": lambda tx, _cast, said: messages.edit(tx, said, MessageChange(source="Now it says this.")),
    "delete a message": lambda tx, _cast, said: messages.delete(tx, said),
    "open a thread": lambda tx, cast, _said: threads.open_thread(tx, cast.general, NewThread(title="Quorum")),
    "rename a thread": lambda tx, cast, _said: threads.rename(tx, cast.retries, NewThread(title="Backoff")),
    "move a thread": lambda tx, cast, _said: threads.move(tx, cast.retries, Move(channel_id=cast.hiring)),
    "resolve a thread": lambda tx, cast, _said: threads.resolve(tx, cast.retries),
    "mark as read": lambda tx, cast, _said: reading.mark_read(tx, cast.retries, 1),
    "create a channel": lambda tx, _cast, _said: channels.create(tx, NewChannel(name=f"c-{ids.new_id().hex[-8:]}")),
    "archive a channel": lambda tx, cast, _said: channels.archive(tx, cast.general),
    "take somebody out of a channel": lambda tx, cast, _said: channels.remove_member(
        tx, cast.hiring, cast.ben.membership_id
    ),
    "found an organization": lambda tx, _cast, _said: organizations.create(tx, NewOrganization(name="Cyberdyne")),
    "invite": lambda tx, _cast, _said: organizations.invite(tx, NewInvitation()),
    "change a role": lambda tx, cast, _said: organizations.change_role(
        tx, cast.ben.membership_id, RoleChange(role=Role.MODERATOR)
    ),
    "remove a member": lambda tx, cast, _said: organizations.remove(tx, cast.ben.membership_id),
    "take another name": lambda tx, _cast, _said: accounts.rename(tx, AccountChange(name="Ada Lovelace")),
    "sign out everywhere": lambda tx, _cast, _said: accounts.sign_out_everywhere(tx),
}


@contextmanager
def breaking(at: int | None) -> Iterator[list[str]]:
    """Break off at statement number `at`, at the commit when that is None; gives what was run."""
    engine = database.engine().sync_engine
    seen: list[str] = []

    def statement(_connection: Any, _cursor: Any, said: str, *_: Any) -> None:
        seen.append(said)
        if len(seen) == at:
            raise Broken

    def commit(_connection: Any) -> None:
        if at is None:
            raise Broken

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    try:
        with pytest.raises(Broken):
            yield seen
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", commit)


def everything(admin: Connection) -> dict[str, Any]:
    """What each table holds, as a number of rows and a sum over them."""
    tables = admin.execute(text("select tablename from pg_tables where schemaname = 'dfworx'")).scalars().all()
    parts = [f"select '{table}', count(*), sum(hashtext(t::text)::bigint) from dfworx.{table} t" for table in tables]
    return {row[0]: tuple(row[1:]) for row in admin.exec_driver_sql(" union all ".join(parts))}


@pytest.fixture
def told() -> Iterator[list[object]]:
    """What the pages of this process would have heard."""
    heard: list[object] = []
    tell = heard.extend
    listeners.after_commit.append(tell)
    yield heard
    listeners.after_commit.remove(tell)


@pytest.mark.parametrize("verb", sorted(VERBS))
async def test_broken_off_anywhere_it_leaves_nothing(acting_as, cast: Cast, admin: Connection, told, verb: str):
    (said,) = say(admin, cast.ada, cast.retries, "It said this.")
    before = everything(admin)
    with breaking(None) as run:
        async with acting_as(cast.ada) as tx:
            await VERBS[verb](tx, cast, said)
    assert len(run) >= 2, "one statement opens, one does"
    for at in range(1, len(run) + 1, 1 + len(run) // MANY):
        with breaking(at):
            async with acting_as(cast.ada) as tx:
                await VERBS[verb](tx, cast, said)
    assert everything(admin) == before
    assert told == []
    async with acting_as(cast.ada) as tx:
        await VERBS[verb](tx, cast, said)
    assert everything(admin) != before, "once nothing broke, it was done"
    assert told or verb == "mark as read"
