"""The role x verb table, and the question why."""

import reflex as rx

from dfworx.admin.state_rules import AdminRules
from dfworx.admin.validators_rules import Deed
from dfworx.core.permissions import TABLE, Role, allows
from dfworx.ui import kit
from dfworx.ui.table import Entry

ROLES = [role for role in Role if role is not Role.SYSTEM]


def question() -> rx.Component:
    """Whether somebody may do something, and the rule that decides."""
    form = rx.el.form(
        kit.field("Who", "email", required=True, max_length=254, auto_complete="off", spell_check=False,
                  hint="The e-mail address, or the whole name."),
        _choice("May they", "deed", [deed.value for deed in Deed], value=AdminRules.deed, on_change=AdminRules.choose),
        rx.match(
            AdminRules.about,
            ("thread", _link("Which thread", "thread_id", "Copy the address of its page.")),
            ("message", _link("Which message", "message_id", "The id of the message, as in its link.")),
            (Deed.INVITE.value, _choice("As", "role", [role.value for role in ROLES])),
            rx.fragment(
                _choice("Of a member who is", "of", [role.value for role in ROLES]),
                _choice("To", "role", [role.value for role in ROLES]),
            ),
        ),
        kit.button("Ask", type="submit", primary=True),
        on_submit=AdminRules.explain,
    )  # fmt: skip
    return rx.el.section(
        rx.el.h2("May this person do this?"),
        rx.cond(AdminRules.problem, rx.el.p(AdminRules.problem, class_name="problem", role="alert"), rx.fragment()),
        form,
        rx.cond(AdminRules.answer, _answer(), rx.fragment()),
        class_name="part",
    )


def _answer() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.cond(AdminRules.is_allowed, kit.chip("yes", tone="ok"), kit.chip("no", tone="stop")),
            " ",
            rx.el.b(AdminRules.answer),
            ", because: ",
            AdminRules.because,
            ".",
        ),
        rx.el.ul(rx.foreach(AdminRules.reasons, _reason), class_name="reasons"),
        class_name="answer",
        role="status",
    )


def _reason(reason: Entry) -> rx.Component:
    mark = rx.cond(reason["holds"], kit.icon("check"), kit.icon("x"))
    return rx.el.li(mark, rx.el.span(reason["text"]), class_name=rx.cond(reason["holds"], "holds", "fails"))


def _link(label: str, name: str, hint: str) -> rx.Component:
    return kit.field(label, name, required=True, max_length=400, auto_complete="off", spell_check=False, hint=hint)


def _choice(label: str, name: str, options: list[str], **props: object) -> rx.Component:
    return rx.el.label(
        label,
        rx.el.select(*[rx.el.option(each, value=each) for each in options], name=name, id=f"field-{name}", **props),
        class_name="fld",
        html_for=f"field-{name}",
    )


def permission_table() -> rx.Component:
    """What each role may do, as it stands in the code: the page is made from it."""
    head = rx.el.tr(rx.el.th("May …", scope="col"), *[rx.el.th(role.value, scope="col") for role in ROLES])
    rows = [
        rx.el.tr(
            rx.el.td(verb.value[0].upper() + verb.value[1:], class_name="name"),
            *[_cell(role.value, is_so=allows(role, verb)) for role in ROLES],
        )
        for verb in TABLE
    ]
    return rx.el.section(
        rx.el.h2("What each role may do"),
        rx.el.p("Rules about the thing at hand come on top: what one cannot see does not exist.", class_name="sub"),
        rx.el.table(rx.el.thead(head), rx.el.tbody(*rows), class_name="table grid"),
        class_name="part",
    )


def _cell(role: str, *, is_so: bool) -> rx.Component:
    mark = rx.fragment(kit.icon("check"), rx.el.span("yes", class_name="sr-only")) if is_so else rx.el.span("-")
    return rx.el.td(mark, class_name="yes" if is_so else "no", custom_attrs={"data-label": role})
