"""Tables that grow by keyset pages and are narrowed in the address, so that a link shows the same rows again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

import reflex as rx
from pydantic import BaseModel, ValidationError

from dfworx.core.errors import Refusal
from dfworx.infra.database import Tx
from dfworx.ui import kit
from dfworx.ui.doors import acting
from dfworx.ui.forms import said, typed
from dfworx.ui.identity import caller

Entry = rx.vars.ObjectVar[dict[str, str]]
Row = dict[str, str]
Asked = TypeVar("Asked", bound=BaseModel)


@dataclass(frozen=True)
class Part(Generic[Asked]):
    """What was asked for, and behind which row the part begins; empty at the first."""

    asked: Asked
    after: str


class Table(rx.State, mixin=True):
    """The rows that are on the screen.

    A slice's table says what may be asked (`_asks`) and fetches (`_fetch`). Its handlers `load`, `more` and `narrow`
    are a line each, so that each carries its level.
    """

    rows: list[Row] = []
    next: str = ""
    is_loaded: bool = False
    problem: str = ""
    asked: dict[str, str] = {}
    turn: int = 0  # another one when the address was changed by a link: the fields begin anew

    _asks: ClassVar[type[BaseModel]] = BaseModel

    async def _fetch(self, tx: Tx, part: Part[Any]) -> tuple[list[Row], str]:
        """The rows of a part, and behind which the following begins."""
        raise NotImplementedError

    async def _open(self) -> None:
        """Show the first rows that the address asks for."""
        wanted = {name: value for name, value in parse_qsl(urlsplit(caller.get().path).query) if value}
        if wanted != self.asked:
            self.asked, self.turn = wanted, self.turn + 1
        self.rows, self.next, self.problem = [], "", ""
        await self._add("")
        self.is_loaded = True

    async def _grow(self) -> None:
        """Show the following rows."""
        if self.next:
            await self._add(self.next)

    def _narrow(self, name: str, value: str) -> Any:
        """Ask for other rows: the address says which, and opening it shows them."""
        self.asked = {key: kept for key, kept in {**self.asked, str(name): str(value)[:200]}.items() if kept}
        query = f"?{urlencode(self.asked)}" if self.asked else ""
        return rx.redirect(urlsplit(caller.get().path).path + query, replace=True)

    async def _add(self, after: str) -> None:
        try:
            part = Part(typed(self._asks, self.asked), after)
            async with acting(self) as tx:
                rows, following = await self._fetch(tx, part)
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return
        self.rows, self.next = [*self.rows, *rows], following


@dataclass(frozen=True)
class Column:
    """A column: what stands above it, and what it shows of a row; the first one is the row's name."""

    label: str
    show: Callable[[Entry], Any]
    class_name: str = ""


def table(
    state: type[Table], columns: Sequence[Column], *, label: str, empty: tuple[str, str], filters: rx.Component
) -> rx.Component:
    """The filters, then the rows, or why there are none."""
    none = rx.cond(
        state.asked.length() > 0,
        kit.empty("Nothing fits", "Ask for something else.", _all()),
        kit.empty(*empty),
    )
    rows = rx.fragment(_rows(state, columns, label), _more(state))
    shown = rx.cond(
        state.problem != "",
        kit.problem("This cannot be shown", state.problem, _all()),
        rx.cond(state.rows.length() > 0, rows, none),
    )
    return rx.el.section(
        rx.el.div(filters, class_name="sifts", role="search", key=state.turn.to_string()),
        rx.cond(state.is_loaded, shown, kit.bones([96, 90, 94, 88, 92], gap=26)),
    )


def search(state: type[Table], label: str, name: str = "q") -> rx.Component:
    """A field that looks for words."""
    return rx.el.input(
        type="search",
        placeholder=label,
        aria_label=label,
        max_length=200,
        default_value=state.asked.get(name, ""),
        on_change=lambda value: state.narrow(name, value).debounce(250),
        class_name="sift",
        auto_complete="off",
        spell_check=False,
    )


def choice(state: type[Table], label: str, name: str, options: Sequence[tuple[str, str]]) -> rx.Component:
    """A choice of one value, or of all."""
    return rx.el.select(
        rx.el.option(label, value=""),
        *[rx.el.option(said_, value=value) for value, said_ in options],
        value=state.asked.get(name, ""),
        on_change=lambda value: state.narrow(name, value),
        class_name="small",
        aria_label=label,
    )


def _all() -> rx.Component:
    return kit.link("Show all", to="?", class_name="btn", replace=True)


def _rows(state: type[Table], columns: Sequence[Column], label: str) -> rx.Component:
    head = rx.el.tr(*[rx.el.th(column.label, scope="col", class_name=column.class_name) for column in columns])

    def row(entry: Entry) -> rx.Component:
        cells = [
            rx.el.td(column.show(entry), class_name=column.class_name, custom_attrs={"data-label": column.label})
            for column in columns
        ]
        return rx.el.tr(*cells, key=entry["id"])

    body = rx.el.tbody(rx.foreach(state.rows, row))
    return rx.el.table(rx.el.caption(label, class_name="sr-only"), rx.el.thead(head), body, class_name="table")


def _more(state: type[Table]) -> rx.Component:
    button = rx.el.button("Show more", type="button", class_name="more", on_click=state.more)
    return rx.cond(state.next != "", button, rx.fragment())
