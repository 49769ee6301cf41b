"""What short texts share."""

import unicodedata


def one_line(value: str) -> str:
    """The text, unless it holds control characters: names and titles are one line."""
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise ValueError("must be one line")
    return value
