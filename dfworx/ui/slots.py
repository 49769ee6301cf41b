"""Slots: places on lower slices' pages that higher slices fill, so that imports go downwards only."""

from collections.abc import Callable

import reflex as rx

Make = Callable[[], rx.Component]

_fillers: dict[str, list[Make]] = {}


def fills(slot: str) -> Callable[[Make], Make]:
    """Show this component wherever the slot is, after those that filled it before."""

    def register(make: Make) -> Make:
        _fillers.setdefault(slot, []).append(make)
        return make

    return register


def show(slot: str) -> rx.Component:
    """Everything that fills the slot; decided when the pages are built, when all slices have been imported."""
    return rx.fragment(*[make() for make in _fillers.get(slot, [])])
