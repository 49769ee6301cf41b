"""The form in which a decision is written."""

from typing import Any

import reflex as rx

from dfworx.decisions.components import Item
from dfworx.decisions.components_grounds import evidence
from dfworx.decisions.state_writing import Writing
from dfworx.live.reflex_feed import live_list
from dfworx.ui import kit
from dfworx.ui.picker import opener, picker
from dfworx.ui.state import Shell

NONE = rx.fragment


def writing() -> rx.Component:
    """The whole form, in the place of the record."""
    form = rx.el.form(
        rx.el.header(
            rx.el.button(
                rx.icon("chevron-left", size=22, aria_hidden="true"),
                type="button",
                class_name="back",
                aria_label="Back without saving",
                on_click=Writing.close,
            ),
            rx.el.strong(rx.cond(Writing.ref, Writing.ref, "Draft"), class_name="ref"),
            rx.el.span(class_name="grow"),
            kit.button("Cancel", on_click=Writing.close),
            kit.button("Save", primary=True, type="submit"),
            class_name="head",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.h1(rx.cond(Writing.is_amending, "Correct this record", "Edit the decision")),
                rx.cond(Writing.is_amending, _note(), NONE()),
                _news(),
                kit.refusal(Writing.problem),
                rx.foreach(Writing.before, _field),
                _options(),
                rx.foreach(Writing.after, _field),
                class_name="doc sheet-form",
            ),
            class_name="paper",
        ),
        on_submit=Writing.save,
        class_name="writing",
        key=Writing.here,
    )
    return rx.fragment(form, picker("Channels", Writing.flip_channel), _leaving())


def _leaving() -> rx.Component:
    """Asks before what was typed is given up."""
    return kit.dialog(
        "Discard what you have written?",
        rx.el.div(
            kit.button("Keep writing", on_click=Writing.stay(False)),
            rx.el.button("Discard", type="button", class_name="btn stop", on_click=Writing.discard),
            class_name="actions",
        ),
        is_open=Writing.is_leaving,
        on_open_change=Writing.stay,
        hint="The record stays as it was saved last.",
    )


def _note() -> rx.Component:
    return kit.field(
        "What is corrected",
        "note",
        hint="A typing error, a dead link. A change of substance is a new decision that supersedes this one.",
        required=True,
        max_length=500,
        auto_complete="off",
        default_value=Writing.note,
        on_blur=lambda value: Writing.keep("note", value),
    )


def _news() -> rx.Component:
    """What it comes from; and that somebody else saves, said at once, and again when one saves oneself."""

    def later(item: Item) -> rx.Component:
        may, status = item["may"].to(dict[str, bool]), item["status"].to(str)
        became = rx.match(
            status,
            (
                "proposed",
                "This is proposed as " + item["ref"].to(str) + " now, and only whoever proposed it, or a moderator,",
            ),
            (
                "final_comment",
                "This is in final comment as "
                + item["ref"].to(str)
                + " now, and only whoever proposed it, or a moderator,",
            ),
            "This is " + status + " now, and nobody",
        )
        others = rx.cond(
            ~rx.cond(Writing.is_amending, may["amend"], may["write"]).to(bool),
            _notice(became.to(str) + " changes its text. Copy what you have written, or say it in the conversation."),
            rx.cond(
                item["version"].to(int) > item["href"].to(int),
                _notice("Somebody else has saved another text meanwhile. Yours is not lost: save, and both are shown."),
                NONE(),
            ),
        )
        return rx.fragment(others, evidence(item, is_linked=False))

    watch = live_list(
        "/api/v1/organizations/{organization}/decisions/{decision}",
        "decision",
        later,
        scope="{decision}",
        kind="one",
        href=Writing.version.to_string(),
        address="/o/{organization}/d/{address}",
        epoch=Shell.epoch,
        me=Shell.membership_id,
        skeleton=NONE(),
        problem=NONE(),
    )
    anew = _notice("People have answered. Another text asks them anew, and a final comment begins again.")
    return rx.fragment(
        rx.cond(Writing.asks_anew, anew, NONE()), watch, rx.cond(Writing.news, _notice(Writing.news), NONE())
    )


def _notice(says: Any) -> rx.Component:
    return rx.el.p(says, class_name="notice wait", role="status")


def _field(field: Any) -> rx.Component:
    name, key = field["name"], field["name"] + field["turn"]
    common: dict[str, Any] = {
        "name": name,
        "id": "write-" + name,
        "key": key,
        "default_value": field["value"],
        "on_blur": lambda value: Writing.keep(name, value),
    }
    control = rx.match(
        field["kind"],
        (
            "line",
            rx.el.input(
                **common, required=True, max_length=200, auto_complete="off", class_name="titling", auto_focus=True
            ),
        ),
        ("short", rx.el.input(**common, max_length=200, auto_complete="off")),
        ("date", rx.el.input(**common, type="date")),
        (
            "channels",
            rx.fragment(
                rx.el.textarea(**common, rows=2, max_length=5_000, spell_check=False),
                opener("hash", "Choose channels", on_click=Writing.ask_channels),
            ),
        ),
        ("lines", rx.el.textarea(**common, rows=3, max_length=16_000, class_name="code", spell_check=False)),
        rx.el.textarea(**common, rows=5, max_length=20_000),
    )
    return rx.el.div(
        rx.el.label(field["label"], html_for="write-" + name),
        rx.el.small(field["hint"]),
        control,
        rx.cond(field["changes"], _clash(field, name), NONE()),
        class_name="fld",
        key=name,
    )


def _clash(clash: Any, name: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(rx.el.b("Both of you changed this."), " Yours stands above, theirs is:"),
        rx.el.div(
            rx.cond(clash["theirs"], clash["theirs"], rx.el.span("empty", class_name="sub")), class_name="theirs"
        ),
        rx.el.details(
            rx.el.summary("The difference: struck out is only in theirs, underlined only in yours"),
            rx.html(clash["changes"], class_name="changes"),
        ),
        rx.el.div(
            kit.button("Take theirs", on_click=Writing.take(name), auto_focus=Writing.first_clash == name),
            kit.button("Keep mine", on_click=Writing.insist(name)),
            class_name="verbs",
        ),
        class_name="clash",
        role="group",
        aria_label="Both texts",
    )


def _options() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Considered options"),
        rx.el.small("Mark the one that is chosen. Good, bad and neutral: one point a line."),
        rx.foreach(Writing.options, _option),
        rx.cond(Writing.clash["changes"], _clash(Writing.clash, "options"), NONE()),
        kit.button("Add an option", on_click=Writing.add_option),
        class_name="fld options-editor",
    )


def _option(option: Any, index: Any) -> rx.Component:
    key = option["key"]

    def part(name: str, label: str, rows: int = 0) -> rx.Component:
        facts: dict[str, Any] = {
            "name": key + "-" + name,
            "id": "write-" + key + "-" + name,
            "default_value": option[name],
            "on_blur": lambda value: Writing.keep_option(key, name, value),
        }
        control = (
            rx.el.textarea(**facts, rows=rows)
            if rows
            else rx.el.input(**facts, max_length=200, auto_complete="off", auto_focus=Writing.added == key)
        )
        return rx.el.label(label, control, html_for="write-" + key + "-" + name, class_name="fld")

    number = (index + 1).to_string()
    return rx.el.div(
        rx.el.div(
            rx.el.label(
                rx.el.input(
                    type="radio",
                    name="chosen",
                    value=key,
                    default_checked=option["chosen"] != "",
                    on_change=Writing.choose(key),
                ),
                "Choose option " + number,
                class_name="check",
            ),
            rx.el.span(class_name="grow"),
            kit.icon_button("trash-2", "Remove option " + number, on_click=Writing.remove_option(key)),
            class_name="opt-head",
        ),
        part("title", "Title"),
        part("text", "Description", 2),
        rx.el.div(part("pros", "Good, because", 3), part("cons", "Bad, because", 3), class_name="pair"),
        part("neutral", "Neutral", 2),
        class_name="opt",
        key=key,
    )
