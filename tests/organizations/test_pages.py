"""The handlers of the pages: where the front door leads, what the members page shows to whom."""

import dataclasses
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import reflex as rx
from reflex_base.event import Event
from reflex_base.event.processor import BaseStateEventProcessor

from dfworx.core.ids import new_id
from dfworx.organizations.state import Asking, Members
from dfworx.organizations.state_arriving import Arrival
from tests.cast import Member

Deltas = list[Any]


@pytest.fixture
async def handle() -> AsyncIterator[Callable[..., Any]]:
    """Send an event through the guard, as the page of a member, or of nobody, at an address."""
    from dfworx.dfworx import app

    processor = BaseStateEventProcessor(middleware=app).configure()

    async def send(event: Any, path: str, who: Member | None = None) -> Deltas:
        headers = {"authorization": f"{new_id().hex} {who.session_id if who else ''}".strip()}
        data = {"headers": headers, "pathname": path, "asPath": path, "query": {}, "sid": new_id().hex}
        token = str(new_id())
        sent = dataclasses.replace(Event.from_event_type(event)[0], router_data=data)
        return [delta async for delta in processor.enqueue_stream_delta(token, sent)]

    async with processor:
        yield send


def values(deltas: Deltas, state: type[rx.State]) -> dict[str, Any]:
    """What a state shows in the end."""
    shown: dict[str, Any] = {}
    for delta in deltas:
        shown |= delta.get(state.get_full_name(), {})
    return {name.removesuffix("_rx_state_"): value for name, value in shown.items()}


async def test_the_front_door_shows_a_person_their_organizations(handle, cast):
    shown = values(await handle(Arrival.go_on(), "/", cast.ben), Arrival)
    assert shown["homes"] == [f"/o/{cast.slug}"]


async def test_the_front_door_shows_nobody_nothing(handle, cast):
    assert not values(await handle(Arrival.go_on(), "/"), Arrival).get("homes")


async def test_a_member_sees_the_members_without_addresses_and_links(handle, cast):
    shown = values(await handle(Members.load(), f"/o/{cast.slug}/members", cast.ben), Members)
    assert {each["name"] for each in shown["people"]} >= {cast.ada.name, cast.ben.name}
    assert not any(each["email"] or each["may_change"] or each["may_remove"] for each in shown["people"])
    assert not shown.get("invitations")


async def test_an_administrator_may_change_everybody_but_owners(handle, cast):
    shown = values(await handle(Members.load(), f"/o/{cast.slug}/members", cast.dia), Members)
    may = {each["name"]: bool(each["may_change"]) for each in shown["people"]}
    assert may[cast.ben.name]
    assert not may[cast.ada.name]
    assert "owner" not in shown["roles"]


async def test_a_stranger_sees_nothing(handle, cast):
    assert not values(await handle(Members.load(), f"/o/{cast.slug}/members", cast.eve), Members)


async def test_a_member_makes_no_link(handle, cast):
    form = {"role": "member", "days": "7", "max_uses": "1"}
    assert not values(await handle(Asking.invite(form), f"/o/{cast.slug}/members", cast.ben), Asking)


async def test_an_administrator_makes_a_link_whatever_else_the_form_says(handle, cast):
    form = {"role": "guest", "days": "7", "max_uses": "10", "field-role": "guest"}
    shown = values(await handle(Asking.invite(form), f"/o/{cast.slug}/members", cast.dia), Asking)
    assert "/join/" in shown["link"]
