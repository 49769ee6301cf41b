"""What short texts share."""

import re
import unicodedata

TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])  # turns the direction of what comes after it
UNSEEN = {"Cc", "Cf", "Mn", "Zl", "Zp", "Zs"}
BLANK = set("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs that are drawn as nothing


def words_of(query: str) -> list[str]:
    """The words of what somebody looks for, in lower case; the first eight count."""
    return query.lower().replace("\x00", "").split()[:8]


def parts_of(words: list[str]) -> list[str]:
    """Patterns (SQL's LIKE) for texts that contain each of the words."""
    escaped = [word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") for word in words]
    return [f"%{word}%" for word in escaped]


def one_line(value: str) -> str:
    """The text, unless it holds control characters: names and titles are one line."""
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise ValueError("must be one line")
    return value


def legible(value: str) -> str:
    """A title or a name: one line of which something can be seen, and which turns nothing around beside it.

    Scripts that run from right to left need none of what is left out: their letters say themselves how they run.
    """
    line = straight(one_line(value))
    if not is_seen(line):
        raise ValueError("has nothing in it that can be seen")
    return line


def straight(text: str) -> str:
    """The text without what would turn around what stands beside it."""
    return text.translate(TURNING).strip()


def is_seen(text: str) -> bool:
    """Whether anything of it is drawn."""
    return any(unicodedata.category(character) not in UNSEEN and character not in BLANK for character in text)


def hyphenated(text: str) -> str:
    """The letters and digits of ASCII in it, in lower case, with hyphens for all that stands between."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)


def cut(text: str, most: int) -> str:
    """The text in at most so many characters; an ellipsis stands for what is left out."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def with_article(noun: str) -> str:
    """`a member`, `an owner`."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
