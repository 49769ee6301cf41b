"""The inside of a paragraph: marks, code spans, links, mentions, emoji and formulas."""

import re
import sys
from typing import Self

from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement as Element  # type: ignore[import-untyped]

from dfworx.imports.zulip.escape import escape_text, is_bare_link, is_name, link_target
from dfworx.imports.zulip.narrow import is_own, narrow_of, reference

DEEPEST = 40  # below, only the text is kept
MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~", "s": "~~"}
AROUND_BREAK = re.compile(r" *\n *")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_DEFINES = re.compile(r"(?<!\\)\]:")
_TOGETHER = {"![", "](", "][", "@*", "#*"}


class _Code(str):  # noqa: SLOT000 (it has one)
    """A code span: more backticks around it than it has inside."""

    code: str

    def __new__(cls, code: str) -> Self:
        ticks = "`" * (1 + max((len(run) for run in re.findall(r"`+", code)), default=0))
        pad = " " if "`" in {code[0], code[-1]} or (code[0] == code[-1] == " " and code.strip()) else ""
        span = super().__new__(cls, f"{ticks}{pad}{code}{pad}{ticks}")
        span.code = code
        return span


class Inline:
    """Collects the pieces of a paragraph, and sees that two neighbors are not read as something else."""

    def __init__(
        self, linked: set[str], depth: int, *, in_link: bool = False, marks: frozenset[str] = frozenset()
    ) -> None:
        self.linked, self.depth, self.in_link, self.marks = linked, depth, in_link, marks
        self.pieces: list[str] = []
        self.plain = False  # inside a mark that had to be left out, others could not stand either

    def take(self) -> str:
        """The text so far; the next one begins anew."""
        text, self.pieces = "".join(self.pieces), []
        return text

    def last(self) -> str:
        """The last character so far."""
        return self.pieces[-1][-1] if self.pieces else ""

    def add(self, piece: str) -> None:
        """One more piece, apart from the one before where the two would mean something together."""
        if not piece:
            return
        previous = self.pieces[-1] if self.pieces else ""
        if isinstance(piece, _Code) and isinstance(previous, _Code):
            self.pieces.pop()
            piece = _Code(previous.code + piece.code)  # two spans side by side can only be one
        before = self.last()
        if before == piece[0] == "~":
            piece = f"\\{piece}"
        elif before + piece[0] in _TOGETHER:
            self.pieces[-1] = self.pieces[-1][:-1] + "\\" + before
        self.pieces.append(piece)

    def extend(self, pieces: list[str]) -> None:
        """Several more."""
        for piece in pieces:
            self.add(piece)

    def text(self, text: str | None) -> None:
        """Text that people wrote."""
        if text:
            self.add(escape_text(collapsed(text), in_link=self.in_link))

    def inside(self, element: Element) -> None:
        """All that an element contains."""
        self.depth += 1
        self.text(element.text)
        for child in element.iterchildren(etree.Element):
            self.element(child)
            self.text(child.tail)
        self.depth -= 1

    def within(self, element: Element, *, in_link: bool = False, mark: str = "") -> list[str]:
        """The pieces that an element contains."""
        inner = Inline(self.linked, self.depth, in_link=in_link or self.in_link, marks=self.marks | {mark})
        inner.inside(element)
        return inner.pieces

    def element(self, element: Element) -> None:
        """The markdown of one inline element."""
        tag, classes = str(element.tag), classes_of(element)
        if self.depth > DEEPEST:
            self.text(all_text(element))
        elif tag == "br":
            self.add("\n")
        elif tag == "code":
            self.code(all_text(element))
        elif tag == "a":
            self.link(element, classes)
        elif tag == "img":
            self.image(element, classes)
        elif tag in MARKS:
            self.marked(element, MARKS[tag])
        elif tag == "span" and classes:
            self.span(element, classes)
        else:
            self.inside(element)

    def code(self, text: str) -> None:
        """A code span."""
        if text:
            self.add(_Code(text.replace("\n", " ")))

    def link(self, element: Element, classes: set[str]) -> None:
        """A link: bare where its text is its address."""
        href = element.get("href", "")
        shown = all_text(element)
        if self.in_link:
            self.inside(element)
        elif classes & {"stream", "stream-topic", "message-link"} and (piece := _reference(shown, href)):
            self.add(piece)
        elif is_own(href):
            self.within_zulip(element, shown, href)
        elif shown == href and not self.marks and is_bare_link(href, self.last(), _after(element)):
            self.linked.add(href)
            self.add(href)
        else:
            self.bracketed(element, href)

    def within_zulip(self, element: Element, shown: str, href: str) -> None:
        """A plain link to something in Zulip: a reference, behind the text where that says something else."""
        narrow = narrow_of(href)
        piece = reference(*narrow) if narrow else ""
        if not piece or self.last().isalnum():
            self.inside(element)
        elif not shown.strip() or "#narrow/" in shown:
            self.add(piece)
        else:
            self.inside(element)
            self.extend([" (", piece, ")"])

    def bracketed(self, element: Element, href: str) -> None:
        """`[text](address)`; an address that we do not link leaves its text."""
        target = link_target(href)
        pieces = self.within(element, in_link=bool(target))
        before, name, after = _trimmed(pieces)
        self.linked.add(href)
        if not name and element.find("img") is not None:
            name = escape_text(element.get("title") or file_name(href) or href, in_link=True)
        if _DEFINES.search(name):
            self.text(all_text(element))
        elif not target or not name:
            self.extend(pieces)
        else:
            self.extend([before, f"[{name}]({target})", after])

    def image(self, element: Element, classes: set[str]) -> None:
        """An emoji of the organization's own by its name, another picture by its address."""
        alt = element.get("alt") or element.get("title") or ""
        target = link_target(element.get("src", ""))
        if "emoji" in classes or not target:
            self.add(escape_text(alt, in_link=self.in_link))
        elif not self.in_link:
            self.add(f"![{escape_text(alt, in_link=True)}]({target})")
        else:
            self.add(escape_text(alt, in_link=True))

    def marked(self, element: Element, mark: str) -> None:
        """Bold, italics or struck out, where CommonMark's rules about neighbors (6.2) allow it."""
        if self.plain:
            self.inside(element)
            return
        before, text, after = _trimmed(self.within(element, mark=mark))
        text = _apart(text, mark)
        opens = _opens(before or self.last(), text, mark)
        closes = _opens((after or _after(element))[:1], text[::-1], mark)
        if text and opens and closes and mark not in self.marks:
            self.extend([before, f"{mark}{text}{mark}", after])
        else:
            was_plain, self.plain = self.plain, True
            self.inside(element)
            self.plain = was_plain

    def span(self, element: Element, classes: set[str]) -> None:
        """Mentions, emoji and formulas; another span is its content."""
        if classes & {"user-mention", "user-group-mention", "topic-mention"}:
            self.mention(element, classes)
        elif "emoji" in classes:
            self.add(_emoji(classes) or escape_text(all_text(element)))
        elif "katex" in classes:
            self.formula(tex_of(element))
        else:
            self.inside(element)

    def mention(self, element: Element, classes: set[str]) -> None:
        """`@**Name**`, `@_**Name**` or `@*group*`."""
        name = all_text(element).removeprefix("@")
        stars = "*" if "user-group-mention" in classes else "**"
        sign = "@_" if "silent" in classes else "@"
        if is_name(name) and not self.last().isalnum():
            self.add(f"{sign}{stars}{name}{stars}")
        else:
            self.text(all_text(element))

    def formula(self, tex: str) -> None:
        """`$$tex$$`."""
        if re.fullmatch(r"[^\n$](?:\\\$|[^$\n]){0,4000}", tex) and self.last() != "$":
            self.add(f"$${tex}$$")
        else:
            self.code(tex)


def _trimmed(pieces: list[str]) -> tuple[str, str, str]:
    """The text without empty lines, between the blanks around it."""
    whole = re.sub(r"\n\n+", "\n", AROUND_BREAK.sub("\n", "".join(pieces)))
    text = whole.strip(" \n")
    before, _, after = whole.partition(text) if text else (whole, "", "")
    return before, text, after


def _apart(text: str, mark: str) -> str:
    """The text, so that its first and last characters mean nothing together with the marks around it."""
    loose = "~" if mark == "~~" else r"(?<![^\W_])[@#]"
    text = re.sub(rf"(?<!\\)((?:\\\\)*)({loose})$", r"\1\\\2", text)
    return f"\\{text}" if text[:1] == mark[0] == "~" else text


def _opens(outside: str, inner: str, mark: str) -> bool:
    """Whether a mark between the two is left-flanking; of the reversed text, right-flanking."""
    if outside in {"*", "~"}:
        return False
    return not outside.isalnum() or inner.lstrip("*" if mark[0] == "*" else "")[:1].isalnum()


def _after(element: Element) -> str:
    """The text that follows; a blank before a line break, a mark for another element."""
    following = element.getnext()
    if element.tail:
        return collapsed(element.tail)
    return " " if following is None or following.tag == "br" else "*"


def _emoji(classes: set[str]) -> str:
    """The character, from a class such as `emoji-1f926-200d-2642`."""
    for name in classes:
        if re.fullmatch(r"emoji(-[0-9a-f]{2,6})+", name):
            points = [int(point, 16) for point in name.split("-")[1:]]
            return "".join(map(chr, points)) if max(points) <= sys.maxunicode else ""
    return ""


def _reference(shown: str, href: str) -> str:
    """`#**channel>thread**` of a link whose text names both; empty when the names cannot stand in it."""
    near = re.search(r"/near/(\d{1,20})", href) if shown.endswith(" @ 💬") else None
    channel, _, thread = shown.removesuffix(" @ 💬").removeprefix("#").partition(" > ")
    if shown.endswith(" @ 💬") and not near:
        return ""
    return reference(channel, thread, near[1] if near else "")


def classes_of(element: Element) -> set[str]:
    """The classes of an element."""
    return set((element.get("class") or "").split())


def all_text(element: Element) -> str:
    """All the text inside an element."""
    return "".join(element.itertext())


def collapsed(text: str) -> str:
    """The text with single blanks, as a browser shows it."""
    return _BLANKS.sub(" ", text)


def file_name(href: str) -> str:
    """The last part of an address."""
    return href.rstrip("/").rpartition("/")[2]


def tex_of(element: Element) -> str:
    """The source of a formula, which KaTeX leaves in an annotation."""
    sources = [a.text or "" for a in element.iter("annotation") if a.get("encoding") == "application/x-tex"]
    return "\n".join(sources).strip() if sources else all_text(element)
