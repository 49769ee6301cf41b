"""The HTML of Zulip's server (its "Message formatting"), back to the markdown that infra.markdown reads."""

import re
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html
from lxml.html import HtmlElement as Element  # type: ignore[import-untyped]
from pygments.lexers import get_all_lexers  # type: ignore[import-untyped]

from dfworx.imports.zulip.escape import escape_lines, escape_text, fence, link_target
from dfworx.imports.zulip.inline import (
    AROUND_BREAK,
    DEEPEST,
    Inline,
    all_text,
    classes_of,
    collapsed,
    file_name,
    tex_of,
)

BLOCKS = frozenset(
    ["p", "div", "blockquote", "ul", "ol", "li", "pre", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "details"]
)

_PARSER = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
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
            return self.paragraph(escape_text(collapsed(all_text(parent))))
        result: list[Block] = []
        inline = Inline(self.linked, depth)
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
        lines = AROUND_BREAK.sub("\n", text).strip("\n ")
        return [Block("p", escape_lines(part.strip("\n "))) for part in lines.split("\n\n") if part.strip()]

    def block(self, element: Element, depth: int) -> list[Block]:  # noqa: PLR0911 (a table of shapes)
        """The markdown of one block."""
        tag, classes = str(element.tag), classes_of(element)
        if "message_inline_image" in classes:
            return self.picture(element)
        if "spoiler-block" in classes:
            return self.spoiler(element, depth)
        if "katex-display" in classes:
            return [Block("fence", fence(tex_of(element), "math"))]
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
        name = link.get("title") or file_name(href)
        target = link_target(href)
        return [Block("p", f"[{escape_text(name, in_link=True)}]({target})" if target else escape_text(name))]

    def spoiler(self, element: Element, depth: int) -> list[Block]:
        """```spoiler TITLE, around what it hides."""
        parts = {name: part for part in element.iterchildren("div") for name in classes_of(part)}
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
        kind = "list" if items and " " in items[0] and (not ordered or number == 1) else "list apart"
        return [Block(kind, ("\n\n" if is_loose else "\n").join(items))] if items else []

    def table(self, element: Element, depth: int) -> list[Block]:
        """A GFM table; the first row is its head."""
        rows = [[self.cell(cell, depth) for cell in row.iterchildren("th", "td")] for row in element.iter("tr")]
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


def _is_block(element: Element) -> bool:
    return element.tag in BLOCKS or "katex-display" in classes_of(element)


def _code(element: Element) -> Block:
    """A fenced block, with its language as people write it after a fence."""
    holder = element if element.tag == "pre" else next(element.iter("pre"), element)
    language = element.get("data-code-language", "")
    return Block("fence", fence(all_text(holder).removesuffix("\n"), _fence_word(language)))


def _fence_word(language: str) -> str:
    word = _language_words().get(language.lower(), language.lower())
    return "" if word == "text" else re.sub(r"[\s`]+", "-", word)


@cache
def _language_words() -> dict[str, str]:
    """Pygments' name of a language (Zulip writes it into the HTML), to its shortest-known alias."""
    return {name.lower(): aliases[0] for name, aliases, _, _ in get_all_lexers(plugins=False) if aliases}


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
