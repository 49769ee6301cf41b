"""What short texts share."""

import re
import unicodedata


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
