"""The templates of an organization, for its admins: what each asks for, and the form in which one is written."""

from typing import Any

import reflex as rx

from dfworx.decisions.components import Item
from dfworx.decisions.state_proposing import SWITCHES
from dfworx.decisions.state_templates import NEW, Templates
from dfworx.live.reflex_feed import live_list
from dfworx.ui import kit
from dfworx.ui.state import Shell

ALL = 100  # percent
NONE = rx.fragment


def templates() -> rx.Component:
    """All of them, live, in the order in which the dialog that proposes shows them."""
    return rx.fragment(
        rx.el.div(
            rx.el.p("Whoever proposes a decision chooses one of these, and may change its hours and switches. "
                    "The first one is chosen to begin with.", class_name="sub"),
            kit.button("New template", primary=True, on_click=Templates.begin),
            class_name="templates-head",
        ),
        live_list(
            "/api/v1/organizations/{organization}/decision-templates",
            "templates",
            _template,
            order=["position"],
            epoch=Shell.epoch,
            label="Templates",
            class_name="rows lines templates",
            skeleton=kit.bones([60, 72, 48, 66], gap=26),
            problem=kit.problem("Templates cannot be shown.", "Please load the page again in a moment."),
        ),
        _writing(),
        _removing(),
    )  # fmt: skip


def _template(item: Item) -> rx.Component:
    id_, name = item["id"].to(str), item["name"].to(str)
    return rx.el.article(
        rx.el.div(
            rx.el.b(name),
            rx.el.span(class_name="grow"),
            _mover("up", id_, name),
            _mover("down", id_, name),
            kit.icon_button("pencil", "Change " + name, on_click=Templates.write(id_)),
            kit.icon_button("trash-2", "Remove " + name, on_click=Templates.ask_remove(id_, name)),
            class_name="top",
        ),
        rx.cond(item["explanation"].to(str), rx.el.p(item["explanation"].to(str)), NONE()),
        rx.el.p(_figures(item), class_name="sub"),
        role="listitem",
        class_name="template",
    )


def _mover(to: str, id_: Any, name: Any) -> rx.Component:
    return kit.icon_button(
        f"arrow-{to}", "Move " + name + f" {to}", on_click=Templates.move(id_, to), custom_attrs={"data-move": to}
    )


def _figures(item: Item) -> rx.Component:
    quorum, least, share = (item[name].to(int) for name in ("quorum_share", "quorum_least", "share"))
    hours = item["comment_hours"].to(int)
    return rx.fragment(
        rx.match(
            quorum,
            (0, rx.cond(least > 0, "at least " + least.to_string() + " answer", "no quorum")),
            (ALL, "all who are asked answer"),
            quorum.to_string() + " % of those asked answer" + rx.cond(
                least > 1, ", at least " + least.to_string(), ""
            ),
        ),
        " · ",
        rx.match(
            share,
            (0, "no open concern"),
            (ALL, "all agree"),
            "more than " + share.to_string() + " % agree",
        ),
        " · final comment ",
        hours.to_string(),
        rx.cond(item["is_business_days"].to(bool), " working hours", " hours"),
        rx.cond(item["is_hidden"].to(bool), " · hidden", ""),
        rx.cond(item["is_anonymous"].to(bool), " · anonymous", ""),
    )  # fmt: skip


def _writing() -> rx.Component:
    return kit.dialog(
        rx.cond(Templates.written == NEW, "New template", "Change this template"),
        rx.el.form(
            rx.el.div(
                _word("Name", "name", required=True, max_length=60, auto_focus=True),
                _word("What it means", "explanation", max_length=200,
                      hint="A sentence for whoever proposes and wonders which one to take."),
                rx.el.div(
                    _number("Quorum, % of those asked", "quorum_share", most=ALL, hint="Who has to answer. 0: none."),
                    _number("At least", "quorum_least", most=500, hint="So many, or all who are asked."),
                    class_name="pair",
                ),
                rx.el.div(
                    _number("Agree, % of yes and no", "share", most=ALL,
                            hint="0: only a concern holds it. 50: more than half. 100: all."),
                    _number("Final comment, hours", "comment_hours", most=1440, hint="0 ends it at once."),
                    class_name="pair",
                ),
                *[_switch(name, label) for name, label in SWITCHES.items()],
                class_name="long-form",
            ),
            kit.refusal(Templates.problem),
            kit.dialog_actions("Save", Templates.close),
            on_submit=Templates.save,
        ),
        is_open=Templates.written != "",
        on_open_change=Templates.set_open,
        hint="What was proposed by a template before stays as it was proposed.",
    )  # fmt: skip


def _word(label: str, name: str, **props: Any) -> rx.Component:
    return kit.field(label, name, default_value=Templates.words[name], auto_complete="off", **props)


def _number(label: str, name: str, *, most: int, hint: str) -> rx.Component:
    return _word(label, name, type="number", min=0, max=most, required=True, hint=hint)


def _switch(name: str, label: str) -> rx.Component:
    is_on = Templates.words[name] == "yes"
    return rx.el.label(rx.el.input(type="checkbox", name=name, default_checked=is_on), label, class_name="check")


def _removing() -> rx.Component:
    return kit.dialog(
        "Remove this template?",
        kit.refusal(Templates.problem),
        rx.el.div(
            kit.button("Cancel", on_click=Templates.close),
            rx.el.button("Remove", type="button", on_click=Templates.remove, class_name="btn stop"),
            class_name="actions",
        ),
        is_open=Templates.removed != "",
        on_open_change=Templates.set_open,
        hint="Nobody proposes by “" + Templates.name + "” any more. What was proposed by it stays as it is.",
    )
