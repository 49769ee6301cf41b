"""Generated avatars: letters and a colour, the same as in the timeline; see livelist.jsx."""

HUES = 8


def initials(name: str) -> str:
    """The first letters of the first and the last word."""
    words = name.split() or ["?"]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def hue(id_: str) -> str:
    """The class of a colour that belongs to an id."""
    total = 7
    for character in id_[-6:]:
        total = total * 31 + ord(character)
    return f"hue-{total % HUES}"
