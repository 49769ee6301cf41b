"""The YAML that some records begin with: as much of it as they use, which is names, texts and lists of texts."""

import json
import re

_NAME = re.compile(r"[A-Za-z][\w .-]*")
_COMMENT = re.compile(r"(?:^|\s)#.*$")

Value = str | list[str]


def split(text: str) -> tuple[dict[str, Value], str]:
    """The front matter by its names, and the text after it; what is no front matter is text."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return {}, text
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in {"---", "..."}), None)
    values = _read(lines[1:end]) if end is not None else None
    return (values, "\n".join(lines[(end or 0) + 1 :])) if values is not None else ({}, text)


def _read(lines: list[str]) -> dict[str, Value] | None:
    """The values; None where it is something else than names and values."""
    found: dict[str, Value] = {}
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not _COMMENT.sub("", line).strip():
            continue
        name, colon, said = line.partition(":")
        if not colon or not _NAME.fullmatch(name) or said[:1].strip():
            return None
        inside = []
        while at < len(lines) and (not lines[at].strip() or lines[at][:1] in " \t-"):
            inside.append(lines[at])
            at += 1
        found[name.strip().lower().replace("_", "-").replace(" ", "-")] = _value(said, inside)
    return found


def _value(said: str, inside: list[str]) -> Value:
    said = said.strip()
    if said[:1] in {"|", ">"} and not said[1:].strip("+-0123456789 "):
        between = "\n" if said[0] == "|" else " "
        return between.join(line.strip() for line in inside).strip()
    if said.startswith("[") and not said.startswith("[["):
        return _flow(" ".join([said, *(line.strip() for line in inside)]))
    items = [line.strip() for line in inside if line.strip()]
    if not _bare(said) and items and all(item == "-" or item.startswith("- ") for item in items):
        return [each for item in items if (each := _scalar(item[1:]))]
    return _scalar(" ".join([said, *items]))


def _flow(said: str) -> Value:
    """`[a, "b, c"]`; what only begins like it is a text, such as a link."""
    inner = _bare(said)
    if not inner.endswith("]"):
        return _scalar(said)
    parts = re.findall(r"""\s*("(?:\\.|[^"\\])*"|'(?:''|[^'])*'|[^,]*)\s*(?:,|$)""", inner[1:-1])
    return [each for part in parts if (each := _scalar(part))]


def _scalar(said: str) -> str:
    said = said.strip()
    if said.startswith('"') and (match := re.match(r'"(?:\\.|[^"\\])*"', said)):
        try:
            return str(json.loads(match[0], strict=False))
        except ValueError:
            return match[0][1:-1]
    if said.startswith("'") and (match := re.match(r"'((?:''|[^'])*)'", said)):
        return match[1].replace("''", "'")
    bare = _bare(said)
    return "" if bare in {"~", "null"} else bare


def _bare(said: str) -> str:
    return _COMMENT.sub("", said).strip() if not said.startswith(('"', "'")) else said
