"""Who is online and who is typing: told to those who may know, and kept nowhere."""

from typing import Any

import pytest
from sqlalchemy import Connection, text

from dfworx.accounts import service as accounts
from dfworx.accounts.validators import PresenceChange
from dfworx.channels import service as channels
from dfworx.channels.errors import ChannelArchived
from dfworx.core.errors import NotFound
from dfworx.live import rooms
from dfworx.live.bus import InProcessBus
from dfworx.live.frames import frames_of
from dfworx.live.hub import Hub, Socket
from dfworx.live.presence import PeopleSeen, Presence
from dfworx.threads import service as threads
from dfworx.threads.events import SomebodyTypes

pytestmark = pytest.mark.anyio


class House:
    """Two processes on one bus, each with its hub and what it knows."""

    def __init__(self) -> None:
        self.bus = InProcessBus()
        self.hubs = [Hub(), Hub()]
        self.known = [Presence(), Presence()]
        self.events: list[PeopleSeen] = []
        self.bus.subscribe(lambda _id, event: self.events.append(event))
        self.sent: list[tuple[set[str], dict[str, Any]]] = []
        for hub in self.hubs:
            hub.wire = self

    async def send(self, sids: Any, frame: Any) -> None:
        """What reaches the pages."""
        self.sent.append((set(sids), frame.item))

    async def reload(self, sids: Any) -> None:
        """Nobody is sent away here."""

    async def tick(self) -> None:
        """Both processes look, and hear what is told."""
        for hub, known in zip(self.hubs, self.known, strict=True):
            known.look(hub, self.bus)
        for event in self.events:
            for hub, known in zip(self.hubs, self.known, strict=True):
                await known.note(hub, event)
        self.events.clear()
        for hub, known in zip(self.hubs, self.known, strict=True):
            await known.sweep(hub)


async def enter(acting_as: Any, hub: Hub, member: Any) -> Socket:
    """Open a page."""
    socket = hub.arrive(member.name, member.name, member.actor)
    async with acting_as(member) as tx:
        await rooms.stay_only(hub, socket, tx, await rooms.wanted(tx, "/o/acme"))
    return socket


class TestPresence:
    """Online means: an open page, lately."""

    async def test_who_comes_is_told_in_every_process_and_goes_after_a_grace(self, acting_as, cast, monkeypatch):
        clock = [1000.0]
        monkeypatch.setattr("dfworx.live.presence.monotonic", lambda: clock[0])
        house = House()
        await enter(acting_as, house.hubs[0], cast.ada)
        ben = await enter(acting_as, house.hubs[1], cast.ben)
        await house.tick()
        both = {cast.ada.membership_id, cast.ben.membership_id}
        assert [set(known.online(cast.acme)) for known in house.known] == [both, both]
        house.hubs[1].depart(ben.key)
        clock[0] += 25
        await house.tick()
        assert set(house.known[0].online(cast.acme)) == both
        clock[0] += 10
        await house.tick()
        assert [known.online(cast.acme) for known in house.known] == [[cast.ada.membership_id]] * 2
        assert ({cast.ada.name}, {"online": [], "away": [str(cast.ben.membership_id)]}) in house.sent

    async def test_a_reload_is_not_noticed(self, acting_as, cast):
        house = House()
        ada = await enter(acting_as, house.hubs[0], cast.ada)
        await house.tick()
        house.hubs[0].depart(ada.key)
        await enter(acting_as, house.hubs[0], cast.ada)
        before = len(house.sent)
        await house.tick()
        assert len(house.sent) == before

    async def test_guests_and_strangers_are_not_told(self, acting_as, cast):
        house = House()
        for member in (cast.ada, cast.gus, cast.eve):
            await enter(acting_as, house.hubs[0], member)
        await house.tick()
        told = {sid for sids, _ in house.sent for sid in sids if str(cast.ada.membership_id) in str(_["online"])}
        assert told == {cast.ada.name}

    async def test_whoever_hides_is_not_online(self, acting_as, cast):
        async with acting_as(cast.ben) as tx:
            await accounts.show_presence(tx, PresenceChange(is_shown=False))
        house = House()
        await enter(acting_as, house.hubs[0], cast.ben)
        await house.tick()
        assert house.known[0].online(cast.acme) == []

    async def test_nobody_is_online_for_somebody_else(self, acting_as, cast):
        hub = Hub()
        socket = hub.arrive("k", "s", cast.ben.actor)
        with pytest.raises(NotFound):
            async with acting_as(cast.ben) as tx:
                await rooms.join(hub, socket, tx, f"present:{cast.ada.membership_id}")


class TestTyping:
    """Somebody writes at this moment."""

    async def test_the_thread_hears_and_nothing_is_stored(self, acting_as, cast, admin: Connection):
        count = text("select (select count(*) from dfworx.outbox) + (select count(*) from dfworx.audit_events)")
        before = admin.scalar(count)
        async with acting_as(cast.ben) as tx:
            await threads.typing(tx, cast.retries)
            ((_, event),) = tx.passing
        assert admin.scalar(count) == before
        assert isinstance(event, SomebodyTypes)
        (told,) = frames_of(event)
        assert told.topics == (f"thread:{cast.retries}",)
        assert told.frame.item == {"id": str(cast.ben.membership_id), "name": "Ben Okafor"}

    async def test_not_where_one_cannot_write(self, acting_as, cast):
        with pytest.raises(NotFound):
            async with acting_as(cast.cy) as tx:
                await threads.typing(tx, cast.offers)
        async with acting_as(cast.ada) as tx:
            await channels.archive(tx, cast.general)
            with pytest.raises(ChannelArchived):
                await threads.typing(tx, cast.retries)
