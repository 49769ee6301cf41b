"""Frames: what open pages are told, one small one a change; a slice's `live.py` says which events become which."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from dfworx.core.events import Event

E = TypeVar("E", bound=Event)
Maker = TypeVar("Maker", bound=Callable[..., Iterable["Addressed"]])


class Frame(BaseModel):
    """A change to one list on the screen.

    `put` brings a whole item, `patch` some of its fields, `drop` takes it away, `stale` says that the list must ask.
    `scope` is the id of what the list belongs to; `version` lets a list of messages see a gap.
    """

    list: str
    op: Literal["put", "patch", "drop", "stale"]
    scope: str = ""
    version: int | None = None
    item: dict[str, Any] = {}


@dataclass(frozen=True)
class Addressed:
    """A frame and the topics whose rooms get it; sockets in the room `instead_of` hear of it by another frame."""

    frame: Frame
    topics: tuple[str, ...]
    instead_of: str | None = None


_makers: dict[type[Event], Callable[[Any], Iterable[Addressed]]] = {}


def announces(*events: type[E]) -> Callable[[Maker], Maker]:
    """Mark the function that makes the frames of an event, or of several."""

    def register(make: Maker) -> Maker:
        for event in events:
            _makers[event] = make
        return make

    return register


def frames_of(event: Event) -> list[Addressed]:
    """The frames that an event becomes; most events become none."""
    make = _makers.get(type(event))
    return list(make(event)) if make else []
