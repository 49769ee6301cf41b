"""The HTML that Zulip's server renders (Zulip's "Message formatting"), back to the markdown that infra.markdown reads."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from lxml import etree
from lxml import html as lxml_html
from pygments.lexers import get_all_lexers

from dfworx.imports.zulip.escape import escape_lines, escape_text, fence, is_bare_link, is_name, link_target

Element = lxml_html.HtmlElement

DEEPEST = 40  # below, only the text is kept
BLOCKS = frozenset(
    "p div blockquote ul ol li pre table hr h1 h2 h3 h4 h5 h6 details section article audio video".split()
)
MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~", "s": "~~"}

_PARSER = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_AROUND_BREAK = re.compile(r" *\n *")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Block(NamedTuple):
    """A stretch of markdown, and what it is."""

    kind: str
    text: str


def to_markdown(html: str) -> str:
    """The markdown of a message; nothing that people could read is lost."""
    safe = _UNREADABLE.sub("", html).encode("utf-8", "replace")
    document = lxml_html.document_fromstring(b"<html><body>" + safe + b"</body></html>", parser=_PARSER)
    writer = _Writer()
    return "\n\n".join(block.text for body in document.iterchildren() for block in writer.blocks(body, 0))


class _Writer:
    """Walks one message; remembers its links, because Zulip repeats a linked picture below the text."""

    def __init__(self) -> None:
        self.linked: set[str] = set()

    # -- blocks

    def blocks(self, parent: Element, depth: int) -> list[Block]:
        """The blocks inside an element; what stands between them becomes paragraphs."""
        if depth > DEEPEST:
            return self.paragraph(escape_text(_collapsed(_all_text(parent))))
        result: list[Block] = []
        inline = _Inline(self, depth)
        inline.text(parent.text)
        for child in parent.iterchildren(etree.Element):
            if _is_block(child):
                result += self.paragraph(inline.take())
                result += self.block(child, depth + 1)
            else:
                inline.element(child)
            inline.text(child.tail)
        return result + self.paragraph(inline.take())

    def paragraph(self, text: str) -> list[Block]:
        """A paragraph for each stretch between empty lines."""
        lines = _AROUND_BREAK.sub("\n", text).strip("\n ")
        return [Block("p", escape_lines(part.strip("\n "))) for part in lines.split("\n\n") if part.strip()]

    def block(self, element: Element, depth: int) -> list[Block]:
        """The markdown of one block."""
        tag, classes = str(element.tag), _classes(element)
        if "message_inline_image" in classes:
            return self.picture(element)
        if "spoiler-block" in classes:
            return self.spoiler(element, depth)
        if "katex-display" in classes:
            return [Block("fence", fence(_tex(element), "math"))]
        if tag == "pre" or "codehilite" in classes:
            return [_code(element)]
        if tag == "blockquote":
            return self.quote(element, depth)
        if tag in {"ul", "ol"}:
            return self.listing(element, depth)
        if tag == "table":
            return self.table(element, depth)
        if tag == "hr":
            return [Block("hr", "***")]
        if tag[0] == "h" and tag[1:].isdigit():
            return self.heading(element, depth)
        return self.blocks(element, depth)

    def picture(self, element: Element) -> list[Block]:
        """The link to a picture, unless the text above has it already."""
        link = next(element.iter("a"), None)
        href = link.get("href", "") if link is not None else ""
        if link is None or href in self.linked:
            return []
        self.linked.add(href)
        name = link.get("title") or _file_name(href)
        target = link_target(href)
        return [Block("p", f"[{escape_text(name, in_link=True)}]({target})" if target else escape_text(name))]

    def spoiler(self, element: Element, depth: int) -> list[Block]:
        """```spoiler TITLE, around what it hides."""
        parts = {name: part for part in element.iterchildren("div") for name in _classes(part)}
        title, content = parts.get("spoiler-header"), parts.get("spoiler-content")
        if title is None or content is None:
            return self.blocks(element, depth)
        heading = " ".join(block.text for block in self.blocks(title, depth)).replace("\n", " ")
        inside = "\n\n".join(block.text for block in self.blocks(content, depth))
        return [Block("fence", fence(inside, f"spoiler {heading}".strip()))]

    def quote(self, element: Element, depth: int) -> list[Block]:
        """Each line behind a `>`."""
        inside = "\n\n".join(block.text for block in self.blocks(element, depth))
        return [Block("quote", "\n".join(f"> {line}".rstrip() for line in inside.split("\n")))]

    def listing(self, element: Element, depth: int) -> list[Block]:
        """A list; one that follows another of its kind gets another marker, or the two would be one."""
        previous = element.getprevious()
        is_second = previous is not None and previous.tag == element.tag and not (previous.tail or "").strip()
        ordered = element.tag == "ol"
        number = int(element.get("start", "1")) if element.get("start", "1").isdigit() else 1
        items: list[str] = []
        is_loose = False
        for item in element.iterchildren("li"):
            marker = f"{number + len(items)}{')' if is_second else '.'}" if ordered else "*" if is_second else "-"
            is_loose = is_loose or item.find("p") is not None
            items.append(_indented(marker, _item(self.blocks(item, depth + 1), is_loose=item.find("p") is not None)))
        kind = "list" if not ordered or number == 1 else "numbered"
        return [Block(kind, ("\n\n" if is_loose else "\n").join(items))] if items else []

    def table(self, element: Element, depth: int) -> list[Block]:
        """A GFM table; the first row is its head."""
        rows = [
            [self.cell(cell, depth) for cell in row.iterchildren("th", "td")] for row in element.iter("tr")
        ]
        if not rows:
            return []
        first = next(element.iter("tr"))
        sides = [_alignment(cell) for cell in first.iterchildren("th", "td")]
        lines = ["| " + " | ".join(row) + " |" for row in [rows[0], sides, *rows[1:]]]
        return [Block("table", "\n".join(lines))]

    def cell(self, element: Element, depth: int) -> str:
        """What stands in a cell, on one line."""
        text = " ".join(block.text for block in self.blocks(element, depth + 1))
        return text.replace("\n", " ").replace("|", "\\|")

    def heading(self, element: Element, depth: int) -> list[Block]:
        """`#` to `######`."""
        text = " ".join(block.text for block in self.blocks(element, depth)).replace("\n", " ")
        return [Block("heading", "#" * min(int(element.tag[1:]), 6) + " " + re.sub(r"( |^)(#+)$", r"\1\\\2", text))]


class _Inline:
    """Collects the pieces of a paragraph, and sees that two neighbors are not read as something else."""

    def __init__(self, writer: _Writer, depth: int, *, in_link: bool = False, marks: frozenset[str] = frozenset()) -> None:
        self.writer, self.depth, self.in_link, self.marks = writer, depth, in_link, marks
        self.pieces: list[str] = []

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
        before = self.last()
        if (before == "!" and piece[0] == "[") or (before == "]" and piece[0] in "(["):
            self.pieces[-1] = self.pieces[-1][:-1] + "\\" + before
        self.pieces.append(piece)

    def text(self, text: str | None) -> None:
        """Text that people wrote."""
        if text:
            self.add(escape_text(_collapsed(text), in_link=self.in_link))

    def inside(self, element: Element) -> None:
        """All that an element contains."""
        self.text(element.text)
        for child in element.iterchildren(etree.Element):
            self.element(child)
            self.text(child.tail)

    def within(self, element: Element, *, in_link: bool = False, mark: str = "") -> str:
        """What an element contains, as markdown of its own."""
        inner = _Inline(self.writer, self.depth + 1, in_link=in_link or self.in_link, marks=self.marks | {mark})
        inner.inside(element)
        return _AROUND_BREAK.sub("\n", inner.take())

    def element(self, element: Element) -> None:
        """The markdown of one inline element."""
        tag, classes = str(element.tag), _classes(element)
        if self.depth > DEEPEST:
            self.text(_all_text(element))
        elif tag == "br":
            self.add("\n")
        elif tag == "code":
            self.code(_all_text(element))
        elif tag == "a":
            self.link(element, classes)
        elif tag == "img":
            self.image(element, classes)
        elif tag in MARKS:
            self.marked(element, MARKS[tag])
        elif tag == "span" and classes:
            self.span(element, classes)
        else:
            self.depth += 1
            self.inside(element)
            self.depth -= 1

    def code(self, text: str) -> None:
        """A code span, with more backticks around it than it has inside."""
        code = text.replace("\n", " ")
        if not code:
            return
        ticks = "`" * (1 + max((len(run) for run in re.findall(r"`+", code)), default=0))
        pad = " " if code[0] == "`" or code[-1] == "`" or (code[0] == code[-1] == " " and code.strip()) else ""
        piece = f"{ticks}{pad}{code}{pad}{ticks}"
        if self.pieces and re.fullmatch(r"`[^`]+`", self.pieces[-1]) and ticks == "`":
            self.pieces[-1] = self.pieces[-1][:-1] + code + "`"  # two spans side by side can only be one
        else:
            self.add(piece)

    def link(self, element: Element, classes: set[str]) -> None:
        """A link: bare where its text is its address."""
        href = element.get("href", "")
        shown = _all_text(element)
        if classes & {"stream", "stream-topic", "message-link"} and (piece := _reference(shown, href)):
            self.add(piece)
        elif shown == href and is_bare_link(href, self.last(), _after(element)):
            self.writer.linked.add(href)
            self.add(href)
        else:
            self.bracketed(element, href)

    def bracketed(self, element: Element, href: str) -> None:
        """`[text](address)`; an address that we do not link leaves its text."""
        target = link_target(href)
        text = re.sub(r"\n\n+", "\n", self.within(element, in_link=bool(target)))
        self.writer.linked.add(href)
        stripped = text.strip()
        if not target:
            self.add(text)
            return
        name = stripped or escape_text(element.get("title") or _file_name(href) or href, in_link=True)
        self.add(" " * text.startswith(" ") + f"[{name}]({target})" + " " * (text.endswith(" ") and bool(stripped)))

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
        text = re.sub(r"\n\n+", "\n", self.within(element, mark=mark))
        inner = text.strip()
        start, _, end = text.partition(inner) if inner else (text, "", "")
        self.add(start)
        after = end[:1] or _after(element)[:1]
        fits = _opens(self.last(), inner) and _opens(after, inner[::-1])
        self.add(f"{mark}{inner}{mark}" if inner and fits and mark not in self.marks else inner)
        self.add(end)

    def span(self, element: Element, classes: set[str]) -> None:
        """Mentions, emoji and formulas; another span is its content."""
        if classes & {"user-mention", "user-group-mention", "topic-mention"}:
            self.mention(element, classes)
        elif "emoji" in classes:
            self.add(_emoji(classes) or escape_text(_all_text(element)))
        elif "katex" in classes:
            self.formula(_tex(element))
        else:
            self.depth += 1
            self.inside(element)
            self.depth -= 1

    def mention(self, element: Element, classes: set[str]) -> None:
        """`@**Name**`, `@_**Name**` or `@*group*`."""
        name = _all_text(element).removeprefix("@")
        stars = "*" if "user-group-mention" in classes else "**"
        sign = "@_" if "silent" in classes else "@"
        if is_name(name) and not self.last().isalnum():
            self.add(f"{sign}{stars}{name}{stars}")
        else:
            self.text(_all_text(element))

    def formula(self, tex: str) -> None:
        """`$$tex$$`."""
        if re.fullmatch(r"[^\n$](?:\\\$|[^$\n]){0,4000}", tex) and self.last() != "$":
            self.add(f"$${tex}$$")
        else:
            self.code(tex)


def _opens(outside: str, inner: str) -> bool:
    """Whether a mark between the two characters is left-flanking; mirrored, right-flanking."""
    if outside in {"*", "~", "`"}:
        return outside == "`"
    return not inner or not outside.isalnum() or inner[0].isalnum() or inner[0] in "*~"


def _is_block(element: Element) -> bool:
    return element.tag in BLOCKS or "katex-display" in _classes(element)


def _classes(element: Element) -> set[str]:
    return set((element.get("class") or "").split())


def _all_text(element: Element) -> str:
    return "".join(element.itertext())


def _collapsed(text: str) -> str:
    return _BLANKS.sub(" ", text)


def _after(element: Element) -> str:
    """The text that follows; a blank before a line break, a mark for another element."""
    following = element.getnext()
    if element.tail:
        return _collapsed(element.tail)
    return " " if following is None or following.tag == "br" else "*"


def _file_name(href: str) -> str:
    return href.rstrip("/").rpartition("/")[2]


def _tex(element: Element) -> str:
    """The source of a formula, which KaTeX leaves in an annotation."""
    sources = [a.text or "" for a in element.iter("annotation") if a.get("encoding") == "application/x-tex"]
    return "\n".join(sources).strip() if sources else _all_text(element)


def _code(element: Element) -> Block:
    """A fenced block, with its language as people write it after a fence."""
    holder = element if element.tag == "pre" else next(element.iter("pre"), element)
    language = element.get("data-code-language", "")
    return Block("fence", fence(_all_text(holder).removesuffix("\n"), _fence_word(language)))


def _fence_word(language: str) -> str:
    word = _language_words().get(language.lower(), language.lower())
    return "" if word == "text" else re.sub(r"[\s`]+", "-", word)


@cache
def _language_words() -> dict[str, str]:
    """Pygments' name of a language (Zulip writes it into the HTML), to its shortest-known alias."""
    return {name.lower(): aliases[0] for name, aliases, _, _ in get_all_lexers(plugins=False) if aliases}


def _emoji(classes: set[str]) -> str:
    """The character, from a class such as `emoji-1f926-200d-2642`."""
    for name in classes:
        if re.fullmatch(r"emoji(-[0-9a-f]{2,6})+", name):
            points = [int(point, 16) for point in name.split("-")[1:]]
            return "".join(map(chr, points)) if max(points) <= 0x10FFFF else ""
    return ""


def _reference(shown: str, href: str) -> str:
    """`#**channel>thread**`, unless the names cannot stand in it."""
    near = re.search(r"/near/(\d{1,20})", href) if shown.endswith(" @ 💬") else None
    channel, _, thread = shown.removesuffix(" @ 💬").removeprefix("#").partition(" > ")
    if not is_name(channel) or ">" in channel or "**" in thread or thread.endswith("*") or len(thread) > 200:
        return ""
    if re.search(r"@\d+$", thread) or (shown.endswith(" @ 💬") and not (near and thread)):
        return ""
    return f"#**{channel}{f'>{thread}' if thread else ''}{f'@{near[1]}' if near else ''}**"


def _alignment(cell: Element) -> str:
    style = (cell.get("style") or "").replace(" ", "") + (cell.get("align") or "")
    return next((line for side, line in _SIDES.items() if side in style), "---")


_SIDES = {"left": ":--", "center": ":-:", "right": "--:"}


def _item(blocks: list[Block], *, is_loose: bool) -> str:
    """The blocks of a list item; in a tight list only what would run into a paragraph is set apart."""
    text = blocks[0].text if blocks else ""
    for before, block in pairwise(blocks):
        runs_on = block.kind in {"list", "fence", "quote"} and before.kind == "p"
        text += ("\n" if runs_on and not is_loose else "\n\n") + block.text
    return text


def _indented(marker: str, text: str) -> str:
    """The text behind its marker, the other lines below its first."""
    indent = " " * (len(marker) + 1)
    lines = text.split("\n")
    return "\n".join([f"{marker} {lines[0]}".rstrip(), *(f"{indent}{line}".rstrip() for line in lines[1:])])
