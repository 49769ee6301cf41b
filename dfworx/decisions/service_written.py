"""Decisions as text: Markdown with MADR's headings, and a file with front matter that reads as the same record."""

import json
from collections.abc import Iterable

from dfworx.decisions.models import Decision
from dfworx.decisions.models_lifecycle import OPEN, Status
from dfworx.decisions.validators import Content, Option
from dfworx.decisions.validators_address import file_slug
from dfworx.decisions.validators_madr import choice, point, points
from dfworx.infra.outline import closed, deepened, heading_line, plain_lines

SECTION, PART = 2, 3  # levels of headings; what people write stands below them
PLAIN = {"status", "date", "review-on"}  # stand without quotes: nobody else's words


def written(content: Content) -> str:
    """The record as Markdown, with MADR's headings; what is empty is left out."""
    blocks = [heading_line(1, content.title)]
    blocks += _section("Context and Problem Statement", content.context)
    blocks += _section("Decision Drivers", content.drivers)
    blocks += _section("Considered Options", "\n".join(f"* {_title(option)}" for option in content.options))
    outcome = [choice(content.chosen, _fit(content.outcome, PART))]
    outcome += _section("Consequences", content.consequences, PART)
    outcome += _section("Confirmation", content.confirmation, PART)
    blocks += [heading_line(SECTION, "Decision Outcome"), *filter(None, outcome)] if any(outcome) else []
    said = [(_title(option), _argued(option)) for option in content.options]
    blocks += [heading_line(SECTION, "Pros and Cons of the Options")] if any(text for _, text in said) else []
    for title, text in said:
        blocks += _section(title, text, PART)
    return "\n\n".join([*blocks, *_section("More Information", content.more)]) + "\n"


def file_of(decision: Decision, *, decider: str, channels: list[str], successor: str) -> str:
    """The record as a file: front matter, then its text; `successor` is a link to the record that took its place."""
    said: dict[str, str | list[str]] = {"status": _status(decision, successor), "date": day_of(decision)}
    said |= {"decision-makers": [decider]} if decider else {}
    said |= {"consulted": decision.consulted} if decision.consulted else {}
    said |= {"informed": decision.informed} if decision.informed else {}
    said |= {"paths": decision.paths} if decision.paths else {}
    said |= {"channels": channels} if channels else {}
    said |= {"review-on": decision.review_on.isoformat()} if decision.review_on else {}
    said |= {"reason": decision.closing} if decision.closing.strip() else {}
    return "\n".join(["---", *_front_matter(said), "---", written(decision.content)])


def name_of(decision: Decision) -> str:
    """The name of its file."""
    return f"{decision.number:04}-{file_slug(decision.title) or 'decision'}.md"


def day_of(decision: Decision) -> str:
    """The day of the last step that counts: decided, else proposed, else drafted."""
    return (decision.closed_at or decision.proposed_at or decision.created_at).date().isoformat()


def _status(decision: Decision, successor: str) -> str:
    if successor:
        return f"superseded by {successor}"
    return Status.PROPOSED if Status(decision.status) in OPEN else Status(decision.status)


def _front_matter(said: dict[str, str | list[str]]) -> Iterable[str]:
    for name, value in said.items():
        if isinstance(value, list):
            yield f"{name}: [{', '.join(_quoted(each) for each in value)}]"
        else:
            yield f"{name}: {value if name in PLAIN and value.replace('-', '').isalnum() else _quoted(value)}"


def _quoted(value: str) -> str:
    """A text as YAML and JSON write it."""
    return json.dumps(value, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _section(heading: str, text: str, level: int = SECTION) -> list[str]:
    said = _fit(text, level)
    return [heading_line(level, heading), said] if said else []


def _fit(text: str, level: int) -> str:
    """What somebody wrote, so that it ends where its section ends and its headings stand below the section's."""
    return closed(deepened(plain_lines(text).strip(), level + 1)) if text.strip() else ""


def _title(option: Option) -> str:
    """An option's title as it stands in the list and above its arguments: asterisks alone would be a rule."""
    line = heading_line(1, option.title)[2:]
    return f"\\{line}" if not line.strip("* ") else line


def _argued(option: Option) -> str:
    """What is said about an option; arguments that stand in its text are arguments."""
    text, said = points(plain_lines(option.text))
    signs = [("Good", said["good"] + option.pros), ("Neutral", said["neutral"] + option.neutral)]
    signs += [("Bad", said["bad"] + option.cons)]
    lines = [point(sign, plain_lines(each)) for sign, found in signs for each in found if each.strip()]
    return "\n\n".join(filter(None, (_fit(text, PART), "\n".join(lines))))
