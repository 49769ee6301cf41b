"""Slots: places on lower slices' pages that higher slices fill, so that imports go downwards only."""

from collections.abc import Callable
from typing import Any

import reflex as rx

Make = Callable[..., rx.Component]

_fillers: dict[str, list[Make]] = {}
_feeds: dict[str, dict[str, str]] = {}
_hearers: dict[str, list[Any]] = {}


def fills(slot: str) -> Callable[[Make], Make]:
    """Show this component wherever the slot is, after those that filled it before."""

    def register(make: Make) -> Make:
        _fillers.setdefault(slot, []).append(make)
        return make

    return register


def show(slot: str, *about: rx.Var) -> rx.Component:
    """Everything that fills the slot; decided when the pages are built, when all slices have been imported.

    A slot in a row of a live list is told what the row is `about`.
    """
    return rx.fragment(*[make(*about) for make in _fillers.get(slot, [])])


def feeds(slot: str, **feed: str) -> None:
    """What a live list of a lower slice asks for besides, to show it at its rows; see `LiveList.marks`."""
    _feeds[slot] = feed


def fed(slot: str) -> dict[str, str]:
    """What feeds the slot, if anything does."""
    return _feeds.get(slot, {})


def hears(slot: str, handler: Any) -> None:
    """Tell this handler what is typed in a field of a lower slice, or by its route that a page of one was opened."""
    _hearers.setdefault(slot, []).append(handler)


def heard(slot: str) -> list[Any]:
    """Who is told what is typed there, or that the page was opened."""
    return _hearers.get(slot, [])
