"""What is unread, against a naive model: whatever people do in whatever order, on however many devices."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine

from dfworx.channels import service as channels
from dfworx.channels.validators import NewChannel
from dfworx.core.actor import Actor
from dfworx.infra import database
from dfworx.infra.database import transaction
from dfworx.messages import service as messages
from dfworx.messages.validators import MessageChange, NewMessage
from dfworx.organizations import service as organizations
from dfworx.organizations import service_arriving as arriving
from dfworx.organizations.validators import NewInvitation
from dfworx.threads import service as threads
from dfworx.threads import service_reading as reading
from dfworx.threads.validators import Move, NewThread
from dfworx.wiring import wire
from tests.cast import Member, gather

WRITERS = ("ada", "ben", "cy")
PRIVATE = {"ada", "ben"}  # who is in #hiring
anybody = st.sampled_from(WRITERS)
number = st.integers(0, 40)


@dataclass
class Known:
    """A thread as the model has it: its messages, and how far each has read."""

    place: UUID
    ids: list[UUID | None] = field(default_factory=list)  # None: a note, which nobody changes
    read: dict[str, int] = field(default_factory=dict)
    is_resolved: bool = False
    is_default: bool = False

    def unread(self, nick: str) -> int:
        """What one has not read of it."""
        return len(self.ids) - self.read.get(nick, 0)

    def note(self) -> None:
        """Ada does something to it, and has read that if she had read all before."""
        self.ids.append(None)
        if self.read.get("ada", 0) == len(self.ids) - 1:
            self.read["ada"] = len(self.ids)


class Unread(RuleBasedStateMachine):
    """Ada owns, Ben and Cy write; Cy comes and goes. The real services, the real database."""

    admin: Engine

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.present = set(WRITERS)

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do something, and wait for it."""
        return self.runner.run(work)

    async def as_(self, member: Member, verb: Any, *arguments: Any, **options: Any) -> Any:
        """Call a service as somebody, in a transaction of its own."""
        async with transaction(member.actor) as tx:
            return await verb(tx, *arguments, **options)

    def who(self, nick: str) -> Member:
        """Somebody of the cast."""
        return self.cast.people[nick]

    @initialize()
    def begin(self) -> None:
        """A new cast, and a second open channel."""
        wire()
        with self.admin.begin() as connection:
            self.cast = gather(connection)
        self.platform = self.run(self.as_(self.who("ada"), channels.create, NewChannel(name="platform"))).id
        self.threads = {
            self.cast.retries: Known(self.cast.general),
            self.cast.lobby: Known(self.cast.general, is_default=True),
            self.cast.offers: Known(self.cast.hiring),
        }

    def sees(self, nick: str, known: Known) -> bool:
        """Whether they see its channel."""
        return nick in self.present and (known.place != self.cast.hiring or nick in PRIVATE)

    def pick(self, nick: str, n: int) -> tuple[UUID, Known] | None:
        """The nth thread that somebody sees."""
        seen = [(id_, known) for id_, known in self.threads.items() if self.sees(nick, known)]
        return seen[n % len(seen)] if seen else None

    @rule(nick=anybody, n=number)
    def post(self, nick: str, n: int) -> None:
        """Whoever writes has read."""
        if found := self.pick(nick, n):
            posted = self.run(self.as_(self.who(nick), messages.post, found[0], NewMessage(source="x")))
            found[1].ids.append(posted.id)
            found[1].read[nick] = len(found[1].ids)

    @rule(nick=anybody, n=number, seq=number)
    def read_on_some_device(self, nick: str, n: int, seq: int) -> None:
        """A marker never goes back, whichever device is behind."""
        if found := self.pick(nick, n):
            self.run(self.as_(self.who(nick), reading.mark_read, found[0], seq))
            found[1].read[nick] = max(found[1].read.get(nick, 0), min(seq, len(found[1].ids)))

    @rule(n=number, which=number, deletes=st.booleans())
    def edit_or_delete(self, n: int, which: int, *, deletes: bool) -> None:
        """Neither changes what is unread; Ada deletes anybody's, and edits her own."""
        _, known = self.pick("ada", n) or (None, Known(self.cast.general))
        changeable = [id_ for id_ in known.ids if id_]
        if not changeable:
            return
        id_ = changeable[which % len(changeable)]
        if deletes:
            self.run(self.as_(self.who("ada"), messages.delete, id_))
            known.ids[known.ids.index(id_)] = None
            return
        author = self.run(self.as_(self.who("ada"), messages.get, id_)).author_id
        nick = next(nick for nick in WRITERS if self.who(nick).membership_id == author)
        if self.sees(nick, known):
            self.run(self.as_(self.who(nick), messages.edit, id_, MessageChange(source="y")))

    @rule(n=number, to=number)
    def move(self, n: int, to: int) -> None:
        """It takes what is unread along; who loses sight of it has nothing unread there."""
        id_, known = self.pick("ada", n) or (None, Known(self.cast.general))
        places = [p for p in (self.cast.general, self.platform, self.cast.hiring) if p != known.place]
        if id_ is None or known.is_default:
            return
        target = places[to % len(places)]
        self.run(self.as_(self.who("ada"), threads.move, id_, Move(channel_id=target, reveal=True)))
        known.place = target
        known.note()

    @rule(n=number)
    def resolve_or_reopen(self, n: int) -> None:
        """A note says it."""
        id_, known = self.pick("ada", n) or (None, Known(self.cast.general))
        if id_ is not None and not known.is_default:
            self.run(self.as_(self.who("ada"), threads.reopen if known.is_resolved else threads.resolve, id_))
            known.is_resolved = not known.is_resolved
            known.note()

    @rule(nick=anybody)
    def open_thread(self, nick: str) -> None:
        """A new one has nothing in it."""
        if nick in self.present:
            opened = self.run(self.as_(self.who(nick), threads.open_thread, self.cast.general, NewThread(title="New")))
            self.threads[opened.id] = Known(self.cast.general)

    @precondition(lambda self: "cy" in self.present)
    @rule()
    def leave(self) -> None:
        """Cy goes."""
        self.run(self.as_(self.who("cy"), organizations.leave))
        self.present.discard("cy")

    @precondition(lambda self: "cy" not in self.present)
    @rule()
    def come_back(self) -> None:
        """Cy joins again: what they never looked at is history."""
        cy = self.who("cy")
        link = self.run(self.as_(self.who("ada"), organizations.invite, NewInvitation()))

        async def accept() -> None:
            async with transaction(Actor(user_id=cy.user_id, session_id=cy.session_id, name=cy.name)) as tx:
                await arriving.accept(tx, link.token)

        self.run(accept())
        self.present.add("cy")
        for known in self.threads.values():
            if self.sees("cy", known):
                known.read.setdefault("cy", len(known.ids))

    @invariant()
    def everybody_sees_what_the_model_says(self) -> None:
        """In the sidebar, in the threads and in the list of what is unread: what a page asks for when it comes back."""
        for nick in self.present:
            seen = {id_: known for id_, known in self.threads.items() if self.sees(nick, known)}
            places = {known.place for known in seen.values()}
            expected = {p: sum(k.unread(nick) for k in seen.values() if k.place == p) for p in places}
            sidebar = self.run(self.as_(self.who(nick), threads.sidebar))
            assert {c.id: c.unread for c in sidebar if c.id in places or c.unread} == expected, nick
            listed = {t.id: t.unread for t in self.run(self.as_(self.who(nick), threads.unread))}
            assert listed == {id_: k.unread(nick) for id_, k in seen.items() if k.unread(nick)}, nick

    def teardown(self) -> None:
        """Close this example's connections."""
        self.run(database.dispose())
        self.runner.close()


def test_unread_is_what_the_model_says(admin_engine: Engine):
    machine = type("Machine", (Unread,), {"admin": admin_engine})
    quiet = settings(
        max_examples=12,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(machine, settings=quiet)
