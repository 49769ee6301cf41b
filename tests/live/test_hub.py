"""The hub: who hears what, once, in order; who is let into a room and who loses it; what another process wrote."""

import asyncio
from collections.abc import Collection
from uuid import uuid4

import pytest

from dfworx.channels import service as channels
from dfworx.core.errors import NotFound
from dfworx.decisions import service as decisions
from dfworx.decisions import service_tags as tagging
from dfworx.decisions.validators import NewDecision
from dfworx.infra.database import Tx
from dfworx.infra.settings import settings
from dfworx.live import rooms
from dfworx.live.bus import InProcessBus
from dfworx.live.dispatcher import Dispatcher
from dfworx.live.frames import Frame
from dfworx.live.hub import Hub, Socket
from dfworx.messages import service as messages
from dfworx.messages.events import MessagePosted
from dfworx.messages.validators import MessageChange, NewMessage
from dfworx.tags import service as tags
from dfworx.tags.validators import Color, NewTag, TagChange
from dfworx.tags.views import TagView
from dfworx.threads import service as threads
from dfworx.threads.events import ThreadRead
from tests.cast import Cast, Member

pytestmark = pytest.mark.anyio


class Letterbox:
    """A wire that keeps what it was given to carry."""

    def __init__(self) -> None:
        self.frames: dict[str, list[Frame]] = {}
        self.reloaded: list[str] = []

    async def send(self, sids: Collection[str], frame: Frame) -> None:
        for sid in sids:
            self.frames.setdefault(sid, []).append(frame)

    async def reload(self, sids: Collection[str]) -> None:
        self.reloaded += sids

    def heard(self, name: str) -> list[tuple[str, str, int | None]]:
        """What arrived at somebody's page: list, operation, version."""
        return [(f.list, f.op, f.version) for f in self.frames.get(name, [])]


@pytest.fixture
def hub() -> Hub:
    hub = Hub()
    hub.wire = Letterbox()
    return hub


@pytest.fixture
def wire(hub: Hub) -> Letterbox:
    assert isinstance(hub.wire, Letterbox)
    return hub.wire


@pytest.fixture
def visit(hub: Hub, acting_as):
    """`await visit(cast.ben, path)`: Ben's page at an address, in the rooms that it may be in."""

    async def go(member: Member, path: str) -> Socket:
        socket = hub.arrive(member.name, member.name, member.actor)
        async with acting_as(member) as tx:
            await rooms.stay_only(hub, socket, tx, await rooms.wanted(tx, path))
        return socket

    return go


async def posted(acting_as, member: Member, thread_id, source: str = "Hello"):
    """A message, and what was announced with it."""
    async with acting_as(member) as tx:
        view = await messages.post(tx, thread_id, NewMessage(source=source))
    return view, tx.events


def thread(cast: Cast, id_) -> str:
    return f"/o/{cast.slug}/t/{id_}"


async def test_lists_are_told_to_catch_up_where_a_room_was_joined(hub, acting_as, cast):
    """And not on every page of it."""
    socket = hub.arrive("ben", "ben", cast.ben.actor)
    async with acting_as(cast.ben) as tx:
        anew = [
            await rooms.stay_only(hub, socket, tx, await rooms.wanted(tx, path))
            for path in (f"/o/{cast.slug}", f"/o/{cast.slug}/decisions", thread(cast, cast.retries), f"/o/{cast.slug}")
        ]
    assert anew == [True, False, True, False]


async def test_readers_get_the_message_and_everybody_else_a_count(hub, wire, visit, acting_as, cast):
    await visit(cast.ada, thread(cast, cast.retries))
    await visit(cast.cy, f"/o/{cast.slug}")
    _, events = await posted(acting_as, cast.ben, cast.retries)
    for _id, event in events:
        await hub.deliver(event)
    assert wire.heard(cast.ada.name) == [("messages", "put", 1)]
    assert wire.heard(cast.cy.name) == [("threads", "patch", None)]


async def test_a_private_channel_is_heard_by_its_members_alone(hub, wire, visit, acting_as, cast):
    for member in (cast.ada, cast.cy, cast.max, cast.gus):
        await visit(member, thread(cast, cast.offers))
    _, events = await posted(acting_as, cast.ben, cast.offers, "A number")
    for _id, event in events:
        await hub.deliver(event)
    assert set(wire.frames) == {cast.ada.name}


async def test_another_organization_hears_nothing(hub, wire, visit, acting_as, cast):
    await visit(cast.eve, thread(cast, cast.retries))
    _, events = await posted(acting_as, cast.ben, cast.retries)
    for _id, event in events:
        await hub.deliver(event)
    assert wire.frames == {}


@pytest.mark.parametrize(
    "topic",
    ["organization:{acme}", "tags:{acme}", "thread:{retries}", "place:{general}", "user:{ben}", "moon:{acme}"],
)
async def test_a_stranger_joins_no_room(hub, acting_as, cast, topic):
    socket = hub.arrive("eve", "eve", cast.eve.actor)
    asked = topic.format(acme=cast.acme, retries=cast.retries, general=cast.general, ben=cast.ben.user_id)
    async with acting_as(cast.eve) as tx:
        with pytest.raises(NotFound):
            await rooms.join(hub, socket, tx, asked)
    assert socket.topics == set()


async def test_whoever_loses_a_channel_leaves_its_rooms(hub, wire, visit, acting_as, cast):
    socket = await visit(cast.ben, thread(cast, cast.offers))
    async with acting_as(cast.ada) as tx:
        await channels.remove_member(tx, cast.hiring, cast.ben.membership_id)
    assert f"thread:{cast.offers}" in socket.topics
    assert [s.key for s in hub.leave_scope(cast.ben.user_id, str(cast.hiring))] == [cast.ben.name]
    assert not {f"thread:{cast.offers}", f"place:{cast.hiring}"} & socket.topics


async def test_a_page_that_has_gone_is_in_no_room(hub, visit, cast):
    await visit(cast.ada, thread(cast, cast.retries))
    hub.depart(cast.ada.name)
    assert (hub.rooms, hub.sockets) == ({}, {})


async def test_each_event_is_told_once_and_in_order(hub, wire, visit, acting_as, cast):
    await visit(cast.ada, thread(cast, cast.retries))
    delivering = asyncio.create_task(hub.deliver_forever())
    await asyncio.sleep(0)
    view, first = await posted(acting_as, cast.ben, cast.retries, "one")
    async with acting_as(cast.ben) as tx:
        await messages.edit(tx, view.id, MessageChange(source="uno"))
    for id_, event in [*first, *tx.events, *first, *tx.events]:
        hub.hear(id_, event)
    await asyncio.sleep(0.05)
    delivering.cancel()
    assert wire.heard(cast.ada.name) == [("messages", "put", 1), ("messages", "put", 2)]


class TestTags:
    """What a guest who was let into #hiring, and nobody else who was not, hears of tags."""

    @pytest.fixture
    async def billing(self, acting_as, cast) -> TagView:
        """A tag of Acme."""
        async with acting_as(cast.max) as tx:
            return await tags.create(tx, NewTag(name="Billing"))

    @pytest.fixture(autouse=True)
    async def watching(self, acting_as, visit, cast, billing) -> None:
        """Gus sees #hiring, in which Max and Eve are not; each has a page open."""
        async with acting_as(cast.ada) as tx:
            await channels.add_member(tx, cast.hiring, cast.gus.membership_id)
        for member in (cast.gus, cast.max, cast.eve):
            await visit(member, thread(cast, cast.offers))

    async def test_what_becomes_of_a_tag(self, hub, wire, acting_as, cast, billing):
        async with acting_as(cast.max) as tx:
            changed = await tags.change(tx, billing.id, TagChange(name="Invoices", color=Color.RED))
            await tags.remove(tx, billing.id)
        await told(hub, tx)
        assert wire.heard(cast.gus.name) == wire.heard(cast.max.name) == [("tags", "put", None), ("tags", "drop", None)]
        assert [frame.item for frame in wire.frames[cast.gus.name]] == [
            changed.model_dump(mode="json"),
            {"id": str(billing.id)},
        ]
        assert cast.eve.name not in wire.frames

    async def test_that_one_hangs_on_what_they_see(self, hub, wire, acting_as, cast, billing):
        async with acting_as(cast.ben) as tx:
            decision = await decisions.draft(tx, NewDecision(title="Whom we hire", channel_id=cast.hiring))
            tx.events.clear()
            await threads.tag(tx, cast.offers, billing.id)
            await tagging.tag(tx, decision.id, billing.id)
            await tagging.untag(tx, decision.id, billing.id)
        await told(hub, tx)
        about = [(frame.list, frame.scope) for frame in wire.frames.pop(cast.gus.name)]
        assert about[:2] == [("threads", str(cast.hiring)), ("thread", str(cast.offers))]
        assert about[2:] == [("decisions", ""), ("decision", str(decision.id))] * 2
        assert wire.frames == {}

    async def test_also_where_the_channel_is_archived(self, hub, wire, visit, acting_as, cast, billing):
        async with acting_as(cast.ada) as tx:
            await channels.archive(tx, cast.hiring)
        hub.depart(cast.gus.name)
        await visit(cast.gus, thread(cast, cast.offers))
        async with acting_as(cast.ben) as tx:
            await threads.tag(tx, cast.offers, billing.id)
        await told(hub, tx)
        assert wire.heard(cast.gus.name) == [("threads", "stale", None), ("thread", "stale", None)]

    async def test_nothing_of_what_they_do_not_see(self, hub, wire, acting_as, cast, billing):
        async with acting_as(cast.ben) as tx:
            await threads.tag(tx, cast.retries, billing.id)
        await told(hub, tx)
        assert wire.heard(cast.max.name) == [("threads", "stale", None), ("thread", "stale", None)]
        assert cast.gus.name not in wire.frames


async def told(hub: Hub, tx: Tx) -> None:
    """Tell what a transaction announced."""
    for _id, event in tx.events:
        await hub.deliver(event)


class TestDispatcher:
    """Whatever another process wrote."""

    async def test_it_tells_what_stands_in_the_outbox_once(self, acting_as, cast):
        heard = []
        bus = InProcessBus()
        bus.subscribe(lambda id_, event: heard.append((id_, event)))
        dispatcher = Dispatcher(settings().dispatcher_url, bus)
        try:
            while await dispatcher.dispatch():  # what other tests left
                pass
            heard.clear()
            view, events = await posted(acting_as, cast.ben, cast.retries, "from elsewhere")
            assert await dispatcher.dispatch() == 2
            assert await dispatcher.dispatch() == 0
        finally:
            await dispatcher.engine.dispose()
        assert [type(event) for _, event in heard] == [ThreadRead, MessagePosted]
        assert dict(heard) == dict(events)
        assert isinstance(heard[1][1], MessagePosted)
        assert heard[1][1].message == view

    async def test_what_could_not_be_told_stays(self, acting_as, cast):
        def fail(_id, _event):
            raise RuntimeError

        bus = InProcessBus()
        bus.subscribe(fail)
        dispatcher = Dispatcher(settings().dispatcher_url, bus)
        told = []
        willing = InProcessBus()
        willing.subscribe(lambda id_, _event: told.append(id_))
        try:
            _, events = await posted(acting_as, cast.ben, cast.retries)
            with pytest.raises(RuntimeError):
                await dispatcher.dispatch()
            dispatcher.bus = willing
            while await dispatcher.dispatch():  # what other tests left, too
                pass
        finally:
            await dispatcher.engine.dispose()
        assert {id_ for id_, _ in events} <= set(told)


def test_what_was_heard_long_ago_is_forgotten_and_lately_is_not(hub, monkeypatch):
    monkeypatch.setattr("dfworx.live.hub.REMEMBERED", 3)
    ids = [uuid4() for _ in range(5)]
    event = ThreadRead(thread_id=uuid4(), place_id=uuid4(), user_id=uuid4(), last_read_seq=1, was=0)
    for id_ in ids:
        hub.hear(id_, event)
    assert list(hub._heard) == ids[-3:]
