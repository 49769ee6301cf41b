"""How positions changed: who from what to what, when, and why."""

import reflex as rx

from dfworx.decisions.components import Item
from dfworx.decisions.state_changes import Changes
from dfworx.live.reflex_feed import live_list
from dfworx.ui import kit
from dfworx.ui.state import Shell

NONE = rx.fragment
TONES = (("agree", "ok"), ("disagree", "stop"))


def changes_button(decision_id: rx.vars.StringVar[str]) -> rx.Component:
    """Opens the dialog."""
    ask = Changes.ask(decision_id)
    return rx.el.button("History of positions", type="button", class_name="link small", on_click=ask)


def changes() -> rx.Component:
    """The dialog, live."""
    return kit.dialog(
        "How positions changed",
        live_list(
            "/api/v1/organizations/{organization}/decisions/" + Changes.about + "/positions",
            "decision",
            _change,
            scope=Changes.about,
            order=["-created_at"],
            epoch=Shell.epoch,
            me=Shell.membership_id,
            label="Positions, the newest first",
            class_name="rows lines taken",
            skeleton=kit.bones([60, 72, 48], gap=18),
            empty=rx.el.p("Nobody has said where they stand, or it is not for you to see yet.", class_name="sub"),
            problem=rx.el.p("The history cannot be shown.", class_name="problem", role="alert"),
        ),
        rx.el.div(kit.button("Close", on_click=Changes.set_open(False)), class_name="actions"),
        is_open=Changes.is_open,
        on_open_change=Changes.set_open,
        hint="The newest first. Where positions have no names only your own stand here.",
    )


def _change(item: Item) -> rx.Component:
    stand, was = item["stand"].to(str), item["was"].to(str)
    chip = rx.match(stand, *[(name, kit.chip(name, tone=tone)) for name, tone in TONES], kit.chip(stand))
    said = rx.cond(was == stand, " says again: ", rx.cond(was, " changed from " + was + " to ", " said "))
    taken = rx.el.article(
        rx.el.p(
            rx.el.b(item["person"].to(str)),
            said,
            chip,
            rx.el.time(item["created"].to(str), title=item["created_full"].to(str), class_name="when"),
        ),
        rx.cond(item["html"].to(str), rx.html(item["html"].to(str), class_name="prose said"), NONE()),
        rx.el.p(
            "on version ",
            item["version"].to(int).to_string(),
            rx.cond(item["is_late"].to(bool), ", after the decision", ""),
            class_name="sub",
        ),
        role="listitem",
    )
    return rx.cond(item["membership_id"].to(str), taken, NONE())
