"""Beside a record: where you stand, where the others stand, and the facts."""

from typing import Any

import reflex as rx

from dfworx.decisions.components import Item, review
from dfworx.decisions.components_changes import changes_button
from dfworx.decisions.components_proposing import asking_more_button
from dfworx.decisions.state_record import Record
from dfworx.live.reflex_feed import each
from dfworx.ui import kit

Things = list[dict[str, Any]]
NONE = rx.fragment
ALL = 100  # percent


def people(item: Item) -> rx.Component:
    """The right side; below the text on a phone."""
    return rx.el.aside(_yours(item), _positions(item), _facts(item), class_name="panel facts-side", id="positions",
                       aria_label="Positions and facts")  # fmt: skip


def _yours(item: Item) -> rx.Component:
    may = item["may"].to(dict[str, bool])
    is_open = (item["status"].to(str) == "proposed") | (item["status"].to(str) == "final_comment")
    own = item["positions"].to(Things).filter(lambda one: one["is_me"])
    version = item["version"].to(int)
    concerned = item["concerns"].to(Things).filter(lambda one: one["is_me"].to(bool) & (one["state"] == "open"))
    holding = own.filter(lambda one: ~one["is_stale"].to(bool)).pluck("stand").to(list[str])

    def verb(stand: str, label: str, does: Any) -> rx.Component:
        is_mine = holding.contains(stand)
        return rx.el.button(
            label, type="button", on_click=does, class_name=rx.cond(is_mine, "btn pri", "btn"), aria_pressed=is_mine
        )

    verbs = rx.el.div(
        verb("agree", "Agree", Record.say("agree", version)),
        verb("abstain", "Abstain", Record.say("abstain", version)),
        verb("disagree", "Disagree …", Record.ask_stand("disagree", version)),
        class_name="verbs",
    )

    def explain(label: str) -> rx.Component:
        does, by_key = Record.ask_stand("agree", version), {"data-verb": "stand"}
        return rx.el.button(label, type="button", class_name="link small", on_click=does, custom_attrs=by_key)

    holds = is_open & (concerned.length() > 0)
    waits_no_more = may["answer"].to(bool) & (holding.length() == 0) & holds
    again = rx.cond(waits_no_more, " You are asked again when it is settled.", "")
    held = rx.el.p("Your concern is holding this.", again, class_name="own")
    hold = kit.button("Raise a concern …", on_click=Record.ask_concern, custom_attrs={"data-verb": "concern"})
    unasked = rx.el.p("Others are asked where they stand. You can raise a concern, which holds it.", class_name="sub")
    return rx.cond(
        may["answer"] | may["raise"],
        rx.el.section(
            rx.el.h2("Your position"),
            each(own, lambda one: _own(one, waits_no_more | ~is_open)),
            rx.cond(holds, held, NONE()),
            rx.cond(
                may["answer"],
                rx.cond(is_open, rx.fragment(verbs, explain("Say it with a reason …")), explain("Add it late …")),
                unasked,
            ),
            rx.cond(may["raise"], rx.el.div(hold, class_name="verbs"), NONE()),
            class_name="yours",
        ),
        NONE(),
    )


def _own(position: Any, is_asked_no_more: Any) -> rx.Component:
    said = rx.match(position["stand"].to(str), ("agree", "You agree"), ("abstain", "You abstain"), "You disagree")
    changed = rx.cond(
        is_asked_no_more, " to an earlier text.", " to an earlier text: it was changed since, so say it anew."
    )
    on = rx.cond(position["is_stale"].to(bool), changed, ".")
    return rx.el.p(said, on, class_name=rx.cond(position["is_stale"].to(bool), "own stale", "own"))


def _positions(item: Item) -> rx.Component:
    asked, positions = item["asked"].to(Things), item["positions"].to(Things)
    tally = item["tally"].to(dict[str, int])
    answered = positions.pluck("membership_id").to(list[str])
    heading = rx.el.h2(
        tally["answered"].to_string(),
        rx.cond(asked.length() > 0, " of " + asked.length().to_string() + " answered", " answered"),
        rx.cond(tally["quorum"] > 0, " · quorum " + tally["quorum"].to_string(), ""),
    )
    bar = rx.el.p(
        rx.cond(tally["agree"] > 0, kit.chip(tally["agree"].to_string(), " agree", tone="ok"), NONE()),
        rx.cond(tally["abstain"] > 0, kit.chip(tally["abstain"].to_string(), " abstain"), NONE()),
        rx.cond(tally["disagree"] > 0, kit.chip(tally["disagree"].to_string(), " disagree", tone="stop"), NONE()),
        class_name="tally",
    )
    is_closed = _is_closed(item)
    holders = asked.filter(lambda one: one["has_concern"].to(bool)).pluck("id").to(list[str])
    is_unknown = item["is_anonymous"].to(bool) | item["tally"].to(dict[str, bool])["is_hidden"]
    veiled = rx.el.p("How the others stand is shown when you have said where you do.", class_name="sub")
    nameless = rx.el.p("Nobody sees whose position is whose.", class_name="sub")
    everybody = rx.el.p("Nobody is named: every member may say where they stand.", class_name="sub")
    elsewhere = rx.el.section(
        rx.el.h2("Positions"),
        rx.el.p("It was decided elsewhere, and brought in: nobody was asked here.", class_name="sub"),
    )
    was_decided_elsewhere = is_closed & item["is_imported"].to(bool) & (positions.length() == 0)
    shown = rx.cond(
        item["number"],
        rx.el.section(
            heading,
            bar,
            rx.el.ul(
                each(positions, lambda one: _position(one, holders.contains(one["membership_id"].to(str)), is_closed)),
                each(
                    asked,
                    lambda one: rx.cond(
                        answered.contains(one["id"].to(str)), NONE(), _silent(one, is_unknown, is_closed)
                    ),
                ),
                class_name="stands",
            ),
            rx.cond((asked.length() == 0) & ~is_closed, everybody, NONE()),
            rx.cond(item["tally"].to(dict[str, bool])["is_hidden"], veiled, NONE()),
            rx.cond(item["is_anonymous"].to(bool), nameless, NONE()),
            rx.cond(item["may"].to(dict[str, bool])["ask"], asking_more_button(), NONE()),
            rx.cond(positions.length() > 0, changes_button(item["id"].to(str)), NONE()),
        ),
        NONE(),
    )
    return rx.cond(was_decided_elsewhere, elsewhere, shown)


def _is_closed(item: Item) -> Any:
    return item["closed_at"].bool()


def _position(position: Any, has_concern: Any, is_closed: Any) -> rx.Component:
    stand, is_stale = position["stand"].to(str), position["is_stale"].to(bool)
    chip = rx.match(
        stand, ("agree", kit.chip("agree", tone="ok")), ("disagree", kit.chip("disagree", tone="stop")),
        kit.chip(stand),
    )  # fmt: skip
    return rx.el.li(
        rx.cond(
            position["person"].to(str),
            kit.avatar(position["initials"].to(str), position["hue"].to(str), small=True),
            kit.avatar("?", "nobody", small=True),
        ),
        rx.el.div(
            rx.el.span(
                rx.cond(position["person"].to(str), position["person"].to(str), "Somebody"),
                title=position["created_full"].to(str),
                class_name="who",
            ),
            rx.cond(is_stale, rx.el.span("on an earlier text", class_name="sub"), NONE()),
            rx.cond(position["is_late"].to(bool), rx.el.span("late", class_name="sub"), NONE()),
            rx.cond(position["html"].to(str), rx.html(position["html"].to(str), class_name="prose said"), NONE()),
        ),
        rx.el.span(chip, rx.cond(has_concern, _concern(is_closed), NONE()), class_name="says"),
        class_name=rx.cond(is_stale, "stale", ""),
    )


def _silent(person: Any, is_unknown: Any, is_closed: Any) -> rx.Component:
    silent = rx.cond(is_unknown, NONE(), kit.chip(rx.cond(is_closed, "no answer", "not yet")))
    return rx.el.li(
        kit.avatar(person["initials"].to(str), person["hue"].to(str), small=True),
        rx.el.div(rx.el.span(person["name"].to(str), class_name="who")),
        rx.cond(person["has_concern"].to(bool), _concern(is_closed), silent),
    )


def _concern(is_closed: Any) -> rx.Component:
    """A concern has its owner's name, whatever is hidden of positions."""
    return rx.cond(is_closed, kit.chip("concern"), kit.chip("concern", tone="stop"))


def _facts(item: Item) -> rx.Component:
    tally, paths = item["tally"].to(dict[str, int]), item["paths"].to(list[str])
    governs, home = item["governs"].to(Things), item["href"].to(str)
    rule = rx.cond(
        tally["share"] == 0,
        "no open concern",
        rx.cond(tally["share"] == ALL, "all agree", "more than " + tally["share"].to_string() + " % agree"),
    )

    def line(name: str, *value: Any) -> rx.Component:
        return rx.fragment(rx.el.dt(name), rx.el.dd(*value))

    def place(channel: Any) -> rx.Component:
        to = home + "/c/" + channel["id"].to(str)
        return kit.link("# ", channel["name"].to(str), to=to, class_name="link place")

    is_asked_here = item["number"].bool() & ~(_is_closed(item) & item["is_imported"].to(bool))
    history = rx.el.button(
        "version ", item["version"].to(int).to_string(), type="button", class_name="link", on_click=Record.look_back
    )
    return rx.el.section(
        rx.el.h2("Record"),
        rx.el.dl(
            line("Decider", rx.cond(item["decider"].to(str), item["decider"].to(str), "—")),
            rx.cond(item["template"].to(str), line("Template", item["template"].to(str)), NONE()),
            rx.cond(item["number"].bool() & ~_is_closed(item), line("Needs", rule), NONE()),
            rx.cond(
                is_asked_here,
                line(
                    "Comment",
                    item["comment_hours"].to(int).to_string(),
                    rx.cond(item["is_business_days"], " working hours", " hours"),
                ),
                NONE(),
            ),
            rx.cond(
                item["proposed_at"],
                line("Proposed", rx.el.time(item["proposed_ago"].to(str), title=item["proposed_full"].to(str))),
                NONE(),
            ),
            rx.cond(
                paths.length() > 0,
                line("Governs", each(paths, lambda path: rx.el.code(path, class_name="path"))),
                NONE(),
            ),
            rx.cond(governs.length() > 0, line("Channels", each(governs, place)), NONE()),
            rx.cond(item["consulted"].to(str), line("Consulted", item["consulted"].to(str)), NONE()),
            rx.cond(item["informed"].to(str), line("Informed", item["informed"].to(str)), NONE()),
            rx.cond(item["review_day"].to(str), line("Review", review(item)), NONE()),
            line("Text", history),
            class_name="dl",
        ),
    )
