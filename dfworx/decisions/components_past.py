"""The register over time: as a picture, and as it stood at the end of a day."""

from typing import Any

import reflex as rx

from dfworx.decisions.state import Register
from dfworx.live.reflex_feed import live_list
from dfworx.ui import kit
from dfworx.ui.state import Shell

Item = rx.vars.ObjectVar[dict[str, Any]]
PATIENCE = 1500  # milliseconds that it may be behind
TONES = {"proposed": "acc", "final_comment": "wait", "accepted": "ok", "rejected": "stop"}


def heads(*labels: str) -> rx.Component:
    """What the columns of the rows are called."""
    return rx.el.div(*map(rx.el.span, labels), class_name="row decision heads", aria_hidden="true")


def unfit() -> rx.Component:
    """Where nothing fits what the register is narrowed to."""
    widen = kit.button("Clear the filters", on_click=Register.clear)
    return kit.empty("No decision fits", "Fewer words or fewer filters find more.", widen)


def timeline() -> rx.Component:
    """Every record that fits along the time, each chain of supersession on a line of its own; current."""
    return live_list(
        "/api/v1/organizations/{organization}/decisions/timeline" + Register.narrowing,
        "decisions",
        _drawn,
        kind="one",
        keep="picture",
        patience=PATIENCE,
        epoch=Shell.epoch,
        class_name="chronicles",
        skeleton=kit.bones([40, 60, 50], gap=26),
        problem=kit.problem("The timeline cannot be shown.", "Please load the page again in a moment."),
    )


def _drawn(item: Item) -> rx.Component:
    picture = item["picture"].to(str)
    nothing = kit.empty("No records yet", "What is proposed or decided stands here, with what took its place.")
    drawn = rx.html(picture, tab_index=0, role="region", aria_label="Timeline")
    return rx.cond(picture.contains("<rect"), drawn, rx.cond(Register.is_narrowed, unfit(), nothing))


def day_field(where: str = "") -> rx.Component:
    """Asks for the day as of which the register is shown; marked where one is shown."""
    return rx.el.label(
        "As of",
        rx.el.input(
            type="date",
            default_value=Register.as_of,
            key=Register.as_of,
            on_change=Register.travel,
            class_name="sift",
            aria_label="Show the register as it stood at the end of this day",
        ),
        class_name=rx.cond(Register.as_of != "", f"as-of is-past {where}", f"as-of of-day {where}"),
    )


def past() -> rx.Component:
    """The register as it stood, and a line that says so; current as long as the day is not over."""
    return rx.fragment(
        rx.el.div(
            kit.icon("history"),
            rx.el.span(
                rx.cond(Register.is_over, "The register as it stood at the end of ", "The register as it stands now: "),
                rx.el.b(Register.day),
                rx.cond(Register.is_over, " (UTC). ", " (UTC) is not over yet. "),
                "Each line leads to the decision as it is today.",
                class_name="says",
            ),
            kit.button("Back to today", on_click=Register.travel("")),
            class_name="stale-line then",
            role="status",
        ),
        heads("No.", "Decision", "State"),
        live_list(
            "/api/v1/organizations/{organization}/decisions/as-of?at=" + Register.as_of + "T23:59:59Z",
            rx.cond(Register.is_over, "the past", "decisions"),  # nothing happens to the past any more
            _row,
            keep="id",
            patience=PATIENCE,
            href="/o/{organization}/d/{address}",
            order=["-number"],
            epoch=Shell.epoch,
            label="Decisions",
            class_name="rows lines decisions",
            skeleton=kit.bones([92, 84, 90, 78, 88, 82], gap=26),
            empty=kit.empty("There was nothing yet", "No decision had been proposed by the end of that day."),
            problem=kit.problem("The register cannot be shown.", "Please choose another day."),
        ),
    )  # fmt: skip


def _row(item: Item) -> rx.Component:
    status = item["status"].to(str)
    said = status.replace("_", " ")
    chips = [(name, kit.chip(said, tone=tone)) for name, tone in TONES.items()]
    return kit.link(
        rx.el.span(item["ref"].to(str), class_name="no"),
        rx.el.span(rx.el.span(kit.title(item["title"].to(str)), class_name="title"), class_name="what"),
        rx.el.span(rx.match(status, *chips, kit.chip(said)), class_name="states"),
        to=item["href"].to(str),
        class_name="row decision",
        role="listitem",
    )
