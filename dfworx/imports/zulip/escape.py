"""Plain text as markdown that reads naturally: only what would be read as markup gets a backslash."""

import re

from dfworx.infra.markdown_syntax import AFTER_SCHEME, LONGEST_URL, trimmed

_ENTITY = r"&(?=#[0-9xX]|[A-Za-z][A-Za-z0-9]{1,31};)"
_MARKUP = (
    r"\\(?=[!-/:-@\[-`{-~\s]|$)"
    r"|`"
    r"|\*(?!(?<=\s\*)\s)"
    r"|_+"
    r"|~(?=~)|(?<=~)~"
    r"|\$(?=\$)|(?<=\$)\$|\$$"
    r"|!(?=\[)"
    r"|\](?=\()"
    r"|<(?=[A-Za-z][A-Za-z0-9.+-]{1,31}:|[^\s<>@]{1,64}@|$)"
    r"|" + _ENTITY
)
_SPECIAL = re.compile(rf"{_MARKUP}|(?<=[pPsS]):(?=//\w)")  # an address that Zulip has not linked
_SPECIAL_IN_LINK = re.compile(rf"{_MARKUP}|[\[\]]")
_LINE = re.compile(
    r"^(?:"
    r"(?P<number>\d{1,9})(?=[.)](?:[ \t]|$))"
    r"|(?P<sign>#{1,6}(?=[ \t]|$)|>|[-+*](?=[ \t]|$)|=+[ \t]*$|[-:|][-:| \t]*$|"
    r"(?P<rule>[-_*])(?:[ \t]*(?P=rule)){2,}[ \t]*$"
    r"|\[(?=(?:[^\]\\]|\\.){1,1000}\]:))"
    r")",
    re.MULTILINE,
)
_NAME = re.compile(r"[^*\n|]{1,120}")
_FENCES = re.compile(r"^[ \t>]*(`{3,}|~{3,})", re.MULTILINE)
_SCHEME = re.compile(r"(?!(?:https?|mailto):)[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def escape_text(text: str, *, in_link: bool = False) -> str:
    """The text, so that it is shown as it is within a paragraph."""
    return (_SPECIAL_IN_LINK if in_link else _SPECIAL).sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    """A backslash before each sign; underscores inside a word or between blanks mean nothing by themselves."""
    if found[0][0] != "_":
        return f"\\{found[0]}"
    around = found.string[max(0, found.start() - 1) : found.start()] + found.string[found.end() : found.end() + 1]
    is_plain = len(around) == 2 and (around.isalnum() or around.isspace())  # noqa: PLR2004 - both sides
    return found[0] if is_plain else "\\_" * len(found[0])


def escape_lines(paragraph: str) -> str:
    """The paragraph, so that none of its lines begins a heading, a quote, a list, a table or a definition."""
    return _LINE.sub(lambda found: f"{found['number'] or ''}\\{found['sign'] or ''}", paragraph)


def fence(content: str, info: str) -> str:
    """The content between two fences longer than any inside; tildes where the info has a backtick."""
    sign = "~" if "`" in info else "`"
    longest = max((len(run) for run in _FENCES.findall(content)), default=2)
    marker = sign * max(3, longest + 1)
    return f"{marker}{info}\n{content}\n{marker}" if content else f"{marker}{info}\n{marker}"


def is_name(name: str) -> bool:
    """Whether the name can stand between the stars of a mention."""
    return bool(_NAME.fullmatch(name)) and name == name.strip()


def is_bare_link(href: str, before: str, after: str) -> bool:
    """Whether the address links itself between these neighbors."""
    return (
        len(href) < LONGEST_URL
        and bool(re.fullmatch(rf"https?{AFTER_SCHEME}", href))
        and trimmed(href) == href
        and not before.isalnum()
        and bool(re.match(r"[).,;:!?]*(?:[\s>]|$)", after))
    )


def link_target(href: str) -> str:
    """The address as it stands in `[text](address)`; empty for one that is not to be linked."""
    if not href or len(href) > LONGEST_URL or _SCHEME.match(href):
        return ""
    safe = re.sub(r"[\s<>\"\\`]", lambda sign: f"%{ord(sign[0]):02X}", href)
    if safe.count("(") != safe.count(")"):
        safe = safe.replace("(", "%28").replace(")", "%29")
    return re.sub(_ENTITY, "&amp;", safe)
