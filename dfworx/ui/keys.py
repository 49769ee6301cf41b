"""What keys do and what the palette offers: one table, which the key handler, the palette and the help are made of."""

from dataclasses import asdict, dataclass
from typing import Any

import reflex as rx

from dfworx.core.permissions import Verb
from dfworx.live.reflex_feed import Feed
from dfworx.ui.effects import JSX
from dfworx.ui.state import Shell


@dataclass(frozen=True)
class Command:
    """Something that a person can do without the mouse.

    `does` is what happens (effects.jsx): `press:NAME` presses the button with data-verb=NAME, where the page has one;
    `go:PATH` goes to a page of the organization. `keys` are alternatives; `g m` is one after the other, Mod is Ctrl or
    Cmd. Where an organization's page has no such button, whoever may do `needs` (core/permissions.py) is led to
    `elsewhere`.
    """

    label: str
    does: str
    keys: tuple[str, ...] = ()
    group: str = "Everywhere"
    is_offered: bool = True  # in the palette; moving about is not
    elsewhere: str = ""
    needs: str = ""


MOVING, MESSAGES, DECIDING = "Lists and messages", "At a message", "Deciding"

COMMANDS = (
    Command("Go to anything, do anything", "palette", ("Mod k",), is_offered=False),
    Command("Show all keys", "help", ("?",)),
    Command("Next thread with something unread", "unread:1", ("Alt ArrowDown",)),
    Command("Previous thread with something unread", "unread:-1", ("Alt ArrowUp",)),
    Command("New thread", "press:new-thread", ("n",)),
    Command("New channel", "press:new-channel", ("c",)),
    Command("Write a message", "write", ("w",)),
    Command("Go to your inbox", "go:/inbox", ("g i",)),
    Command("Go to the decisions", "go:/decisions", ("g d",)),
    Command("Go to the members", "go:/members", ("g m",)),
    Command("Go to the tags", "go:/tags", ("g t",)),
    Command("Go to your account", "account", ("g a",)),
    Command("Back to the channel or the list", "press:back", ("u",)),
    Command("Save what a form or a dialog says", "", ("Mod Enter",), is_offered=False),
    Command("Make a decision out of this thread", "press:make-decision", (), "This thread"),
    Command("Resolve or reopen this thread", "press:settle", (), "This thread"),
    Command("Rename this thread", "press:rename-thread", (), "This thread"),
    Command("Move this thread to another channel", "press:move-thread", (), "This thread"),
    Command("Tags of this thread or decision", "press:tag", ("t",), "This thread"),
    Command("Copy as Markdown", "press:copy-markdown", (), "This thread"),
    Command("Jump to a date", "press:jump", (), "This thread"),
    Command("Next", "focus:1", ("j", "ArrowDown"), MOVING, is_offered=False),
    Command("Previous", "focus:-1", ("k", "ArrowUp"), MOVING, is_offered=False),
    Command("First", "focus:first", ("Home",), MOVING, is_offered=False),
    Command("Last", "focus:last", ("End",), MOVING, is_offered=False),
    Command("Open", "", ("Enter",), MOVING, is_offered=False),  # the link itself does it
    Command("From the composer to the messages, and back", "escape", ("Escape",), MOVING, is_offered=False),
    Command("Reply", "row:reply", ("r",), MESSAGES, is_offered=False),
    Command("Edit your message", "row:edit", ("e",), MESSAGES, is_offered=False),
    Command("Copy a link to it", "row:copy", ("l",), MESSAGES, is_offered=False),
    Command("Select it for a decision", "row:pick", ("x",), MESSAGES, is_offered=False),
    Command("Make a decision of the selected messages", "press:decide-selected", ("d",), MESSAGES),
    Command(
        "New decision",
        "press:new-decision",
        ("n",),
        DECIDING,
        elsewhere="/decisions?new=1",
        needs=Verb.DRAFT_DECISION.name.lower(),
    ),
    Command("Filter the decisions", "press:filter", ("f",), DECIDING),
    Command("Edit this decision", "press:edit-decision", ("e",), DECIDING),
    Command("Propose this decision", "press:propose", ("p",), DECIDING),
    Command("Say where you stand", "press:stand", ("s",), DECIDING),
    Command("Raise a concern", "press:concern", (), DECIDING),
    Command("Light or dark", "theme"),
    Command("Sign out", "sign-out"),
)


class Keys(rx.Component):
    """The key handler, the palette, the help and the announcements; see effects.jsx."""

    library = JSX.importable_path
    tag = "Keys"

    commands: rx.Var[list[dict[str, Any]]]
    feed: rx.Var[str]
    me: rx.Var[str]
    epoch: rx.Var[int]
    is_watching: rx.Var[bool]
    may: rx.Var[dict[str, bool]]


def keys() -> rx.Component:
    """On every page of a person or an organization; `page()` adds it."""
    table = [{**asdict(command), "keys": list(command.keys)} for command in COMMANDS]
    return Keys.create(
        commands=table,
        feed=Feed.get_full_name(),
        me=Shell.membership_id,
        epoch=Shell.epoch,
        is_watching=Shell.may["see_presence"],
        may=Shell.may,
    )
