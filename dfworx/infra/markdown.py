"""Markdown to safe HTML: CommonMark 0.31, GFM tables, strikethrough, task lists and autolinks, the chat's own syntax.

What comes out is styled by assets/markdown.css inside an element with the class `prose`, which also breaks long words.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import nh3
from anyio import to_thread
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from dfworx.infra import highlight, markdown_syntax
from dfworx.infra.settings import settings

SCHEMES = {"http", "https", "mailto"}
AT_ONCE = 4_000  # characters that are rendered in a few milliseconds whatever they are
HIGHLIGHTED = 12_000  # characters of code colored in one text

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")


async def rendered(source: str) -> str:
    """`render` for callers on an event loop: a long text is rendered in a thread, so that nobody waits for it."""
    return render(source) if len(source) <= AT_ONCE else await to_thread.run_sync(render, source)


def render(source: str) -> str:
    """Safe HTML for a text that somebody wrote in markdown."""
    text = source.encode("utf-8", "replace").decode()
    html = str(_MARKDOWN.render(text, {"colors": HIGHLIGHTED, "addresses": 10 * len(text) + 10_000}))
    if len(html) > 30 * len(text) + 100_000:  # tables can multiply a text
        html = _as_typed(text)
    return clean(html)


def clean(html: str) -> str:
    """HTML with only what `render` makes: known tags, attributes, classes, schemes; cleaning twice changes nothing."""
    for _ in range(4):
        cleaned = _CLEANER.clean(html)
        if cleaned == html:
            return html
        html = cleaned
    # Browsers could read differently what does not settle, so nobody gets to read it as HTML
    return _CLEANER.clean(_as_typed(html))


def inline(source: str) -> str:
    """Safe HTML for a line, such as a title: emphasis, code and links, and no blocks."""
    text = source.encode("utf-8", "replace").decode()
    return clean(str(_MARKDOWN.renderInline(text, {"colors": 0, "addresses": 10 * len(text) + 10_000})))


def bare(source: str) -> str:
    """A line, such as a title, without its markup, where only text can stand; what would leave nothing stays."""
    (line,) = _MARKDOWN.parseInline(source.encode("utf-8", "replace").decode(), {})
    return "".join(_word(child) for child in line.children or ()).strip() or source


def excerpt(source: str, length: int = 140) -> str:
    """The beginning of a text on one line, without its markup."""
    tokens = _MARKDOWN.parse(source[: 8 * length + 200].encode("utf-8", "replace").decode(), {})
    line = _BLANKS.sub(" ", " ".join(_words(tokens))).strip()
    if len(line) <= length:
        return line
    cut = line[:length]
    return f"{cut.rpartition(' ')[0] if ' ' in cut[length // 2 :] else cut[:-1]}…".replace(" …", "…")


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"fence", "code_block"}:
            yield token.content
        elif token.children:
            yield "".join(_word(child) for child in token.children)


def _word(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    return f"🖼 {token.content}" if token.type == "image" else token.content


def _as_typed(source: str) -> str:
    return "<p>" + escape(source, quote=False).replace("\n", "<br>\n") + "</p>"


def _is_own(url: str) -> bool:
    """Whether a link stays on this server; two slashes or backslashes lead elsewhere."""
    if url.startswith(("//", "/\\", "\\")):
        return False
    return not _SCHEME.match(url) or any(url == own or url.startswith(f"{own}/") for own in settings().origins)


class _Chat(MarkdownIt):
    """The parser, with our rules for links: shown as they were typed, refused unless the scheme is known."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's name
        scheme = _SCHEME.match(url)
        return len(url) <= markdown_syntax.LONGEST_URL and (scheme is None or scheme[1].lower() in SCHEMES)

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - markdown-it's name
        return link


class _Page(RendererHTML):
    """What differs from markdown-it's own HTML; the method names are its token types."""

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        env["in_link"] = True
        url = str(tokens[idx].attrGet("href"))
        env["addresses"] -= len(url)
        if env["addresses"] < 0:  # a link reference can repeat a long address thousands of times
            tokens[idx].attrSet("href", "#")
        elif not url.startswith("mailto:") and not _is_own(url):
            tokens[idx].attrSet("target", "_blank")
        return self.renderToken(tokens, idx, options, env)

    def link_close(self, _tokens: Sequence[Token], _idx: int, _options: OptionsDict, env: EnvType) -> str:
        env["in_link"] = False
        return "</a>"

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """An own picture; another server's is a link, because loading it would tell that server who reads."""
        token = tokens[idx]
        url = str(token.attrGet("src"))
        alt = self.renderInlineAsText(token.children, options, env)
        env["addresses"] -= len(url)
        if env["addresses"] < 0:
            return escape(alt)
        if _is_own(url):
            return f'<img src="{escape(url)}" alt="{escape(alt)}" loading="lazy">'
        shown = f"🖼 {escape(alt or url)}"
        return shown if env.get("in_link") else f'<a href="{escape(url)}" target="_blank">{shown}</a>'

    def fence(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType) -> str:
        code = tokens[idx].content.removesuffix("\n")
        language = (tokens[idx].info.split() or [""])[0][:40]
        if language.lower() in {"math", "latex", "tex"}:
            return f'<pre class="math" tabindex="0"><code>{escape(code, quote=False)}</code></pre>\n'
        colored = highlight.highlight(code, language) if len(code) <= env["colors"] else None
        if colored is not None:
            env["colors"] -= len(code)
        label = f' data-language="{escape(language)}"' if language else ""
        body = escape(code, quote=False) if colored is None else colored
        return f'<div class="code"{label}><pre tabindex="0"><code>{body}</code></pre></div>\n'

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self.fence(tokens, idx, options, env)

    def table_open(self, *_: Any) -> str:
        return '<div class="scroll" tabindex="0"><table>\n'

    def table_close(self, *_: Any) -> str:
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType) -> str:
        """A cell; its alignment is a class, because the content security policy forbids inline styles."""
        style = str(tokens[idx].attrGet("style") or "")
        side = style.removeprefix("text-align:")
        return f'<{tokens[idx].tag} class="align-{side}">' if side else f"<{tokens[idx].tag}>"

    td_open = th_open

    def list_item_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        opening = self.renderToken(tokens, idx, options, env)
        if "checked" not in tokens[idx].meta:
            return opening
        state = 'checked aria-label="Done"' if tokens[idx].meta["checked"] else 'aria-label="To do"'
        return f'{opening}<input type="checkbox" disabled {state}> '


def _parser() -> MarkdownIt:
    options = {"linkify": True, "breaks": True, "tasklists": True, "maxNesting": markdown_syntax.DEEPEST + 4}
    md = _Chat("js-default", options, renderer_cls=_Page)
    md.enable("linkify")
    markdown_syntax.install(md)
    return md


def _only_own_pictures(tag: str, attribute: str, value: str) -> str | None:
    return None if tag == "img" and attribute == "src" and not _is_own(value) else value


_MARKDOWN = _parser()
_CLEANER = nh3.Cleaner(
    tags={
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "details",
        "div",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
        "input",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "span",
        "strong",
        "summary",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    },
    clean_content_tags={"script", "style"},
    attributes={
        "a": {"href", "title"},
        "div": {"data-language"},
        "img": {"src", "alt"},
        "input": {"checked", "aria-label"},
        "ol": {"start"},
        "span": {"data-name", "data-channel", "data-thread", "data-message"},
    },
    tag_attribute_values={
        "a": {"target": {"_blank"}},
        "div": {"tabindex": {"0"}},
        "pre": {"tabindex": {"0"}},
    },
    set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}, "img": {"loading": "lazy"}},
    allowed_classes={
        "code": {"math"},
        "div": {"code", "scroll"},
        "li": {"task-list-item"},
        "ol": {"contains-task-list"},
        "pre": {"math"},
        "span": {"mention", "silent", "group", "reference", *highlight.NAMES},
        "td": {"align-left", "align-center", "align-right"},
        "th": {"align-left", "align-center", "align-right"},
        "ul": {"contains-task-list"},
    },
    attribute_filter=_only_own_pictures,
    link_rel="noopener noreferrer nofollow",
    url_schemes=SCHEMES,
)
