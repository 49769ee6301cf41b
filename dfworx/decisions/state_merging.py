"""The form of a decision's text: what its fields hold, what was typed into them, and two texts made from one."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from dfworx.core.differences import marked
from dfworx.decisions.validators import Content

Said = dict[str, Any]  # a Content as JSON has it
Field = dict[str, str]  # name, label, hint, kind, value, turn (another one replaces what was typed), theirs, changes
Clash = dict[str, str]  # theirs, and changes: HTML of what theirs and mine share and do not
NO_CLASH: Clash = {"theirs": "", "changes": ""}
MARKS = re.compile(r"(<(?:ins|del)>.*?</(?:ins|del)>)", re.DOTALL)
NEAR = 3  # lines that are shown beside a change

TITLE = ("title", "Title", "What is decided, as a sentence.", "line")
BEFORE = (
    ("context", "Context and problem statement", "What is the situation, and what makes a decision necessary?", "text"),
    ("drivers", "Decision drivers", "What counts: forces, quality goals, constraints.", "text"),
)
AFTER = (
    ("outcome", "Decision outcome", "What is done, and why this option.", "text"),
    ("consequences", "Consequences", "What becomes easier, and what harder.", "text"),
    ("confirmation", "Confirmation", "How one will see that it is followed: a review, a test, a measurement.", "text"),
    ("more", "More information", "Links, experience, when to look at it again.", "text"),
    ("paths", "Governs", "Files that it is about, as in .gitignore, one pattern a line.", "lines"),
    ("channels", "Governs channels", "Whose work it is about, one a line.", "channels"),
    ("consulted", "Consulted", "Whose advice was sought, beside those who are asked.", "short"),
    ("informed", "Informed", "Who is told.", "short"),
    ("review_on", "Review on", "When somebody should ask whether it still holds.", "date"),
)
PARTS = ("title", "text", "pros", "cons", "neutral")
LISTS = ("pros", "cons", "neutral")
NAMES = [name for name, *_ in (TITLE, *BEFORE, *AFTER)]


def said_of(content: Content) -> Said:
    """A text as the form compares it."""
    return Content.model_validate(content.model_dump(include=set(Content.model_fields))).model_dump(mode="json")


def fields_of(said: Said, parts: Iterable[tuple[str, str, str, str]]) -> list[Field]:
    """The fields with what they hold."""
    return [
        {"name": name, "label": label, "hint": hint, "kind": kind, "value": as_text(said[name]), "turn": "0",
         "theirs": "", "changes": ""}
        for name, label, hint, kind in parts
    ]  # fmt: skip


def options_of(said: Said, turn: str = "0") -> list[dict[str, str]]:
    """The options with what they hold; each has a key that stays when others come and go."""
    return [
        {"key": f"o{index}-{turn}", **{part: as_text(option[part]) for part in PARTS},
         "chosen": "yes" if option["title"] == said["chosen"] else ""}
        for index, option in enumerate(said["options"])
    ]  # fmt: skip


def as_text(value: Any) -> str:
    """A value as its field shows it."""
    return "\n".join(value) if isinstance(value, list) else str(value or "")


def typed_in(form: Mapping[str, Any], keys: Iterable[str], base: Said) -> Said:
    """What the form says; the choice stays what it was where it names none of the options."""
    texts = {name: str(form.get(name) or "").replace("\r\n", "\n").strip() for name in NAMES}
    options, chosen = [], ""
    for key in keys:
        option: Said = {part: str(form.get(f"{key}-{part}") or "").replace("\r\n", "\n").strip() for part in PARTS}
        if not any(option.values()):
            continue  # an option that nobody has filled in
        options.append(option | {part: lines_of(option[part]) for part in LISTS})
        chosen = option["title"] if form.get("chosen") == key else chosen
    if not chosen and base["chosen"] not in [option["title"] for option in base["options"]]:
        chosen = base["chosen"]
    lists = {name: lines_of(texts[name]) for name in ("paths", "channels")}
    review_on = texts["review_on"] or None
    return {**base, **texts, **lists, "review_on": review_on, "options": options, "chosen": chosen}


def both_changed(base: Said, theirs: Said, mine: Said) -> tuple[list[str], dict[str, Clash]]:
    """Two texts made from one: what only they have changed, and where both did, theirs and the difference to mine."""
    taken, clashes = [], {}
    for name in (*NAMES, "options"):
        was, their, my = (_part(said, name) for said in (base, theirs, mine))
        if their in {was, my}:
            continue
        if my == was:
            taken.append(name)
        else:
            clashes[name] = {"theirs": their, "changes": marked(their, my)}
    return taken, clashes


def shortened(changes: str) -> str:
    """Differences (HTML) without the lines that are far from any of them."""
    pieces = MARKS.split(changes)
    for at in range(0, len(pieces), 2):
        lines = pieces[at].splitlines(keepends=True)
        head, tail = NEAR if at else 0, NEAR if at < len(pieces) - 1 else 0
        if len(lines) > head + tail + 1:
            end = lines[len(lines) - tail :]
            pieces[at] = "".join([*lines[:head], '<span class="gap">⋯</span>\n', *end])
    return "".join(pieces)


def _part(said: Said, name: str) -> str:
    if name != "options":
        return as_text(said[name])
    blocks = []
    for option in said["options"]:
        lines = [option["title"] + (" (chosen)" if option["title"] == said["chosen"] else ""), option["text"]]
        lines += [f"{sign} {point}" for part, sign in zip(LISTS, "+-o", strict=True) for point in option[part]]
        blocks.append("\n".join(filter(None, lines)))
    return "\n\n".join(blocks) or said["chosen"]


def lines_of(text: str) -> list[str]:
    """The lines of a field that holds a list."""
    return [line.strip() for line in text.splitlines() if line.strip()]
