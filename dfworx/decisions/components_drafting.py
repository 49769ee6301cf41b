"""The button and the dialog that begin a decision."""

import reflex as rx

from dfworx.decisions.components_similar import already_decided, considering_besides
from dfworx.decisions.state_drafting import Drafting
from dfworx.ui import kit
from dfworx.ui.state import Shell


def new_decision() -> rx.Component:
    """The button that begins one."""
    verb = kit.button("New decision", primary=True, on_click=Drafting.ask, custom_attrs={"data-verb": "new-decision"})
    return rx.cond(Shell.may["draft_decision"], verb, rx.fragment())


def new_decision_dialog() -> rx.Component:
    """Asks for a title and a channel."""
    channel = rx.el.label(
        "Channel",
        rx.el.select(
            rx.foreach(Drafting.choices, lambda choice: rx.el.option(choice["name"], value=choice["id"])),
            name="channel",
            id="field-decision-channel",
            required=True,
            default_value=Drafting.channel,
        ),
        rx.el.small("Whoever sees the channel sees the decision. Its conversation is a thread there."),
        class_name="fld",
        html_for="field-decision-channel",
    )
    return kit.dialog(
        rx.cond(Drafting.in_place_of, f"Supersede DEC-{Drafting.in_place_of}", "New decision"),
        rx.el.form(
            kit.field(
                "Title",
                "title",
                hint="What is to be decided, as a sentence: “Retry with capped backoff”.",
                required=True,
                max_length=200,
                auto_focus=True,
                auto_complete="off",
                problem=Drafting.problem,
                on_change=considering_besides(Drafting.in_place_of),
            ),
            already_decided(),
            channel,
            kit.dialog_actions("Begin a draft", Drafting.close),
            on_submit=Drafting.draft,
        ),
        is_open=Drafting.is_asking,
        on_open_change=Drafting.set_asking,
        hint=rx.cond(
            Drafting.in_place_of,
            "A new decision takes its place, once it is accepted. It begins as a draft.",
            "It begins as a draft: nobody is asked before you propose it.",
        ),
    )
