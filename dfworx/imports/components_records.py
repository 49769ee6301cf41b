"""Decision records on the page of imports: the form that takes them, what would become of each, what did."""

from typing import Any

import reflex as rx

from dfworx.live.reflex_feed import each, rendering
from dfworx.ui import kit
from dfworx.ui.effects import Answer

Item = rx.vars.ObjectVar[dict[str, Any]]
Things = list[dict[str, Any]]
FORM, WHERE = "records-form", "/decisions/import"
TONES = {"proposed": "acc", "accepted": "ok", "rejected": "stop"}


def records() -> rx.Component:
    """Choose files, look at what would come in, bring it in."""
    return rx.el.section(
        rx.el.h2("Decision records"),
        rx.el.p(
            "Records that lie in a repository (adr-tools, MADR, log4brains) become decisions with their numbers. "
            "Nothing comes in before you have seen what would, and what is here already stays as it is.",
            class_name="sub",
        ),
        rx.el.form(
            kit.field(
                "Files (.md, several at once, or a .zip or .tar.gz of the folder)",
                "records",
                type="file",
                required=True,
                multiple=True,
                accept=".md,.zip,.tar,.gz,.tgz",
            ),
            kit.field(
                "Channel",
                "channel",
                default_value="decisions",
                required=True,
                max_length=80,
                auto_complete="off",
                hint="Each gets a thread there. The channel is made where there is none of this name.",
            ),
            rx.el.progress(max=100, value=0, hidden=True, aria_label="Upload of records", class_name="bar"),
            rx.el.button("Preview", type="submit", name="preview", value="true", class_name="btn pri"),
            id=FORM,
            class_name="uploading",
            custom_attrs={"data-upload": WHERE, "data-answer": "true"},
        ),
        rx.el.div(Answer.create(to=WHERE, render_item=rendering(_report)), aria_live="polite"),
        class_name="part bringing",
    )


def _report(item: Item) -> rx.Component:
    found, is_preview = item["records"].to(Things), item["is_preview"].to(bool)
    brought, known = item["brought"].to(int), item["known"].to(int)
    came = rx.cond(
        is_preview,
        rx.cond(brought == 1, "1 record would come in", f"{brought} records would come in"),
        rx.cond(brought == 1, "1 record came in", f"{brought} records came in"),
    )
    here = rx.cond(known > 0, rx.cond(known == 1, ", 1 is here already", f", {known} are here already"), "")
    bring = rx.el.button(
        rx.cond(brought == 1, "Bring it in", f"Bring in {brought} records"),
        type="submit",
        class_name="btn pri",
        custom_attrs={"form": FORM},
    )
    heads = [rx.el.th(name, scope="col") for name in ("Record", "Number", "Status", "What becomes of it")]
    table = rx.el.table(
        rx.el.thead(rx.el.tr(*heads)),
        rx.el.tbody(each(found, lambda one: _row(one, item["home"].to(str), is_preview))),
        class_name="table",
    )
    return rx.el.div(
        rx.el.div(
            rx.el.b(came, here, "."),
            rx.el.span(class_name="grow"),
            rx.cond(is_preview & (brought > 0), bring, rx.fragment()),
            class_name="top",
        ),
        _left("could not be read", item["broken"].to(Things)),
        rx.cond(found.length() > 0, table, rx.fragment()),
        rx.cond(
            item["others"].to(list[str]).length() > 0,
            rx.el.p("No records: ", item["others"].to(list[str]).join(", "), class_name="sub"),
            rx.fragment(),
        ),
        class_name="report",
        custom_attrs={"data-report": rx.cond(is_preview, "preview", "done")},
    )


def _left(why: str, broken: rx.vars.ArrayVar[Things]) -> rx.Component:
    lines = each(broken, lambda one: rx.el.li(rx.el.b(one["path"].to(str)), ": ", one["reason"].to(str)))
    many = rx.cond(broken.length() == 1, f"1 file {why}:", f"{broken.length()} files {why}:")
    return rx.cond(broken.length() > 0, rx.el.div(many, rx.el.ul(lines), class_name="bad"), rx.fragment())


def _row(one: Item, home: rx.vars.StringVar[str], is_preview: rx.vars.BooleanVar) -> rx.Component:
    title, becomes, id_ = one["title"].to(str), one["becomes"].to(int), one["decision_id"].to(str)
    name = rx.cond(id_, kit.link(title, to=f"{home}/d/{id_}", class_name="name"), rx.el.span(title, class_name="name"))
    status = one["status"].to(str)
    chips = [(name, kit.chip(name, tone=tone)) for name, tone in TONES.items()]
    comes = rx.cond(is_preview, "comes in", "came in")
    notes = each(one["notes"].to(list[str]), lambda note: rx.el.span(note.to(str), class_name="sub note"))
    said = {
        "Number": rx.cond(becomes > 0, f"DEC-{becomes}", "none yet"),
        "Status": rx.match(status, *chips, kit.chip(status)),
        "What becomes of it": rx.el.span(rx.cond(one["is_known"].to(bool), "is here already", comes), notes),
    }
    return rx.el.tr(
        rx.el.td(name, rx.el.span(one["file"].to(str), class_name="sub file")),
        *[rx.el.td(shown, custom_attrs={"data-label": label}) for label, shown in said.items()],
    )
