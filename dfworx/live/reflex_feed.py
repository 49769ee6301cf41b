"""The browser's end of the live layer: the Feed that frames arrive in, LiveList, the wire over Reflex's own socket."""

import inspect
from collections.abc import Callable, Collection
from typing import Any

import reflex as rx
from engineio import packet as eio_packet
from reflex.state import StateUpdate
from socketio import AsyncServer, packet

from dfworx.live.frames import Frame

NAMESPACE = "/_event"
RELOAD = {"backend": "identity", "reload_cooldown_ms": -1}
JSX = rx.asset("livelist.jsx", shared=True)


class Feed(rx.State):
    """Where frames arrive in a page: it lives in the browser only and is never filled on the server."""

    frame: dict[str, Any] = {}


class ReflexWire:
    """Sends frames as state updates of the Feed: encoded once, queued to each socket."""

    def __init__(self, sio: AsyncServer) -> None:
        self.sio = sio
        self.feed = Feed.get_full_name()

    async def send(self, sids: Collection[str], frame: Frame) -> None:
        """Deliver one frame to many sockets."""
        update = StateUpdate(delta={self.feed: {"frame_rx_state_": frame.model_dump(mode="json", exclude_none=True)}})
        await self._emit(sids, ["event", update])

    async def reload(self, sids: Collection[str]) -> None:
        """Make pages load anew: Reflex's own way for a page whose server has changed."""
        await self._emit(sids, ["state_mismatch", RELOAD])

    async def _emit(self, sids: Collection[str], data: list[Any]) -> None:
        encoded = self.sio.packet_class(packet.EVENT, namespace=NAMESPACE, data=data).encode()
        message = eio_packet.Packet(eio_packet.MESSAGE, encoded)
        for sid in sids:
            eio_sid = self.sio.manager.eio_sid_from_sid(sid, NAMESPACE)
            if eio_sid is not None:
                await self.sio.eio.send_packet(eio_sid, message)


class LiveList(rx.Component):
    """A list that fetches itself over REST and is kept current by frames; `render_item` is written in Python."""

    library = JSX.importable_path
    tag = "LiveList"
    lib_dependencies: list[str] = ["virtua@0.54.2"]

    source: rx.Var[str]
    list: rx.Var[str]
    scope: rx.Var[str]
    kind: rx.Var[str]
    feed: rx.Var[str]
    epoch: rx.Var[int]
    me: rx.Var[str]
    order: rx.Var[Any]
    group: rx.Var[str]
    keep: rx.Var[str]
    patience: rx.Var[int]
    also: rx.Var[str]
    marks: rx.Var[dict[str, str]]  # another list about the same messages: its source, list, also, href
    picked: rx.Var[Any]
    href: rx.Var[str]
    address: rx.Var[str]  # where one thing stands
    here: rx.Var[str]
    moderates: rx.Var[bool]
    may: rx.Var[dict[str, bool]]
    tally: rx.Var[bool]
    label: rx.Var[str]
    render_item: rx.Var[Any]
    skeleton: rx.Var[rx.Component]
    empty: rx.Var[rx.Component]
    problem: rx.Var[rx.Component]


def live_list(
    source: str,
    frames: rx.Var[str] | str,
    render_item: Callable[[rx.vars.ObjectVar[dict[str, Any]]], rx.Component],
    **props: Any,
) -> rx.Component:
    """A live list of what `source` gives (a REST path, route parameters in braces), kept current by named frames.

    What gives a picture (SVG) is one item, with the field `picture`.
    """
    return LiveList.create(
        source=source, list=frames, render_item=rendering(render_item), feed=Feed.get_full_name(), **props
    )


def rendering(render_item: Callable[[rx.vars.ObjectVar[dict[str, Any]]], rx.Component]) -> rx.Var[Any]:
    """A function of JavaScript that shows an item as this one of Python does."""
    item = rx.Var("item").to(dict[str, Any])
    return rx.vars.function.ArgsFunctionOperation.create(("item",), rx.Var.create(render_item(item)))


def each(things: rx.vars.ArrayVar[list[Any]], render: Callable[..., rx.Component]) -> rx.Component:
    """What `rx.foreach` is elsewhere, for a list inside an item: in what `render_item` gives, that one fails."""
    name = f"{next(iter(inspect.signature(render).parameters))}_"
    arguments = (rx.Var(name).to(things._var_type.__args__[0]), rx.Var(f"{name}at").to(int))  # noqa: SLF001 - no public name
    shown = render(*arguments[: len(inspect.signature(render).parameters)])
    row = rx.vars.function.ArgsFunctionOperation.create(
        (name, f"{name}at"), rx.Var.create(rx.fragment(shown, key=arguments[1].to_string()))
    )
    return rx.fragment(rx.vars.function.FunctionStringVar.create("Array.prototype.map.call").call(things, row))
