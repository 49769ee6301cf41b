"""What reading and writing of MADR share: how an argument and the chosen option are said."""

import re

from dfworx.infra.outline import items

_POINT = re.compile(r"\**(good|bad|neutral)\**\s*,?\s*\**because\**\b[,:]?\s*(.*)", re.IGNORECASE | re.DOTALL)
_CHOSEN = re.compile(
    r"""\**chosen\ option\**\s*:\s*\**\s*
        (?:"(?P<double>[^\n]+?)"|'(?P<single>[^\n]+?)'|“(?P<typed>[^\n]+?)”)
        (?=\**\s*(?:[.,;:]|$|because|\())\**[.,;:]?\s*(?P<rest>.*)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
LONGEST = 200  # characters of the chosen option


def points(text: str) -> tuple[str, dict[str, list[str]]]:
    """The arguments in the lists of a text (`* Good, because …`) by their sign, and what is left of the text."""
    found: dict[str, list[str]] = {"good": [], "neutral": [], "bad": []}
    lines = text.split("\n")
    for item in reversed(items(text)):
        if (match := _POINT.fullmatch(item.text)) and match[2].strip():
            found[match[1].lower()].insert(0, match[2].strip())
            del lines[item.start : item.end]
    return "\n".join(lines).strip(), found


def point(sign: str, said: str) -> str:
    """An argument as an item of a list."""
    first, *rest = said.split("\n")
    return "\n".join([f"* {sign}, because {first}", *(f"  {line}" if line.strip() else "" for line in rest)])


def chosen(text: str) -> tuple[str, str]:
    """Which option an outcome begins with, and the rest of it; nothing and all of it where it does not say."""
    match = _CHOSEN.fullmatch(text.strip())
    name = next(filter(None, match.group("double", "single", "typed")), "").strip() if match else ""
    if match is None or not name or len(name) > LONGEST:
        return "", text.strip()
    return name, match["rest"].strip()


def choice(name: str, outcome: str) -> str:
    """The outcome as it is written, with the chosen option first."""
    if not name:
        return outcome
    quote = "'" if '"' in name and "'" not in name else '"'
    is_reason = re.match(r"because\b", outcome, re.IGNORECASE) is not None
    return f"Chosen option: {quote}{name}{quote}{', ' if is_reason else '.' + chr(10) * 2}{outcome}".strip()
