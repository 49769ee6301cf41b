"""What people write in chat beyond CommonMark: Zulip's mentions, references, math, spoilers and quotes; bare links."""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

LONGEST_URL = 8_000  # playgrounds put whole programs into addresses
DEEPEST = 20  # levels of quotes and lists; deeper markers are shown as they were typed

BlockRule = Callable[[StateBlock, int, int, bool], bool]

# Every repetition is bounded, so that a rule costs the same wherever it is tried.
_NAME = r"([^*\n|\s](?:[^*\n|]{0,118}[^*\n|\s])?)"
_MENTION = re.compile(rf"@(_?)\*\*{_NAME}(?:\|\d{{1,20}})?\*\*|@(_?)\*(?![\[\]()]){_NAME}\*(?!\*)")
_REFERENCE = re.compile(r"#\*\*([^*\n>]{1,120})(?:>([^\n]{1,220}?)(?:@(\d{1,20}))?)?\*\*")
_MATH = re.compile(r"\$\$([^\n$](?:\\\$|[^$\n]){0,4000})\$\$(?!\$)")
# One character of an address; `](` ends it, because it stands in the text of a link then.
_ADDRESS = r"(?:[^\s<>\"`\]“”「」『』（）【】《》。，、；：！？]|\](?!\())"  # noqa: RUF001 - the brackets of other scripts
AFTER_SCHEME = rf"://(?=\w){_ADDRESS}{{1,{LONGEST_URL}}}"
_URL = re.compile(AFTER_SCHEME)
_BARE = re.compile(
    r"(?<![\w.+/:@-])(?:"
    r"(?P<web>www\.[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?:[/?#][^\s<>\"`]{0,2000})?)"
    r"|[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-])"
    r")",
    re.IGNORECASE | re.ASCII,
)
_FENCE = re.compile(r"(`{3,}|~{3,})([^\n]*)")


def install(md: MarkdownIt) -> None:
    """Teach the parser the chat's syntax."""
    for name in ("blockquote", "list"):
        rule = next(r for r in md.block.ruler.__rules__ if r.name == name)
        md.block.ruler.at(name, _no_deeper(rule.fn), {"alt": rule.alt})
    md.block.ruler.before("fence", "container", container, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.inline.ruler.at("linkify", url)
    md.inline.ruler.before("emphasis", "mention", mention)
    md.inline.ruler.before("emphasis", "reference", reference)
    md.inline.ruler.before("emphasis", "math", math)
    md.core.ruler.at("linkify", bare_links)


def _no_deeper(rule: BlockRule) -> BlockRule:
    """The rule, silent beyond the deepest level: markdown-it itself drops what is nested too deep."""

    def capped(state: StateBlock, first: int, end: int, silent: bool) -> bool:
        return state.level < DEEPEST and rule(state, first, end, silent)

    return capped


# -- blocks: ```quote and ```spoiler TITLE (Zulip's message formatting)


def container(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A fence whose content is markdown again."""
    marker, info = _fence(state, first)
    kind, _, title = info.partition(" ")
    if not marker or kind.lower() not in {"quote", "spoiler"} or state.level >= DEEPEST:
        return False
    if silent:
        return True
    last = _closing_line(state, first, end, marker)
    if kind.lower() == "quote":
        _nest(state, "blockquote", first, last)
    else:
        _nest(state, "details", first, last, title.strip() or "Spoiler")
    is_closed = last < end and bool(_fence(state, last)[0])
    state.line = last + is_closed
    return True


def _fence(state: StateBlock, line: int) -> tuple[str, str]:
    """The marker and the info of a line that is a fence; two empty strings for another line."""
    start = state.bMarks[line] + state.tShift[line]
    if state.is_code_block(line) or not (found := _FENCE.match(state.src, start, state.eMarks[line])):
        return "", ""
    marker, info = found[1], found[2].strip()
    return ("", "") if marker[0] == "`" and "`" in info else (marker, info)


def _closing_line(state: StateBlock, first: int, end: int, marker: str) -> int:
    """The line of the closing fence, past every fence inside; the end where there is none."""
    opened = [(marker, True)]
    for line in range(first + 1, end):
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            return line
        found, info = _fence(state, line)
        if not found:
            continue
        outer, is_container = opened[-1]
        if not info and found.startswith(outer):
            opened.pop()
            if not opened:
                return line
        elif is_container:
            opened.append((found, info.split(" ")[0].lower() in {"quote", "spoiler"}))
    return end


def _nest(state: StateBlock, tag: str, first: int, last: int, summary: str = "") -> None:
    """The lines between two fences as markdown inside an element."""
    before = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", last
    state.push(f"{tag}_open", tag, 1).map = [first, last]
    if summary:
        _summary(state, summary, first)
    state.md.block.tokenize(state, first + 1, last)
    state.push(f"{tag}_close", tag, -1)
    state.parentType, state.lineMax = before


def _summary(state: StateBlock, text: str, line: int) -> None:
    state.push("summary_open", "summary", 1)
    inline = state.push("inline", "", 0)
    inline.content, inline.children, inline.map = text, [], [line, line + 1]
    state.push("summary_close", "summary", -1)


# -- inline: @**Name**, @_**Name**, @*group*, #**channel>thread**, $$tex$$


def mention(state: StateInline, silent: bool) -> bool:
    """`@**Name**` calls a person, `@_**Name**` names one silently, `@*group*` calls a group."""
    if not (found := _starts_word(state, "@", _MENTION)):
        return False
    quiet, name, quiet_group, group = found.groups()
    if not silent:
        kinds = ["mention", *(["silent"] if quiet or quiet_group else []), *(["group"] if group else [])]
        shown = (name or group).strip()
        _span(state, shown if len(kinds) > 1 and kinds[1] == "silent" else f"@{shown}", kinds, {"data-name": shown})
    state.pos = found.end()
    return True


def reference(state: StateInline, silent: bool) -> bool:
    """`#**channel**`, `#**channel>thread**` or, for one message, `#**channel>thread@id**`."""
    if not (found := _starts_word(state, "#", _REFERENCE)):
        return False
    channel, thread, message = found.groups()
    if not silent:
        shown = f"#{channel}" + (f" > {thread}" if thread else "") + (" @ 💬" if message else "")
        about = {"data-channel": channel, "data-thread": thread, "data-message": message}
        _span(state, shown, ["reference"], {name: value for name, value in about.items() if value})
    state.pos = found.end()
    return True


def math(state: StateInline, silent: bool) -> bool:
    """`$$tex$$`, shown as code: the text is what counts."""
    if state.src[state.pos] != "$" or state.src[state.pos - 1 : state.pos] == "$":
        return False
    if not (found := _MATH.match(state.src, state.pos, state.posMax)):
        return False
    if not silent:
        token = state.push("code_inline", "code", 0)
        token.content, token.markup, token.attrs = found[1], "$$", {"class": "math"}
    state.pos = found.end()
    return True


def _starts_word(state: StateInline, sign: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
    if state.src[state.pos] != sign or (state.pos and state.src[state.pos - 1].isalnum()):
        return None
    return pattern.match(state.src, state.pos, state.posMax)


def _span(state: StateInline, text: str, classes: list[str], attrs: dict[str, str | int | float]) -> None:
    state.push("mark_open", "span", 1).attrs = {"class": " ".join(classes), **attrs}
    state.push("text", "", 0).content = text
    state.push("mark_close", "span", -1)


# -- links without brackets (GFM autolinks, extended)


def url(state: StateInline, silent: bool) -> bool:
    """`https://…` wherever it stands."""
    start = state.pos
    if state.linkLevel > 0 or not state.src.startswith("://", start):
        return False
    scheme = next((s for s in ("https", "http") if state.src[max(0, start - len(s)) : start].lower() == s), "")
    if not scheme or state.src[max(0, start - len(scheme) - 1) : start - len(scheme)].isalnum():
        return False
    if not silent and not state.pending.lower().endswith(scheme):
        return False
    if not (found := _URL.match(state.src, start, state.posMax)):
        return False
    rest = trimmed(found[0])
    shown = state.src[start - len(scheme) : start] + rest
    state.pos += len(rest)
    if silent:
        return True
    if state.md.validateLink(href := state.md.normalizeLink(shown)):
        state.pending = state.pending[: -len(scheme)]
        state.push("link_open", "a", 1).attrs = {"href": href}
        state.push("text", "", 0).content = shown
        state.push("link_close", "a", -1)
    else:
        state.pending += rest  # passed over, or every address inside would be tried again
    return True


def trimmed(link: str) -> str:
    """A bare link without the punctuation that belongs to the sentence (GFM 6.9)."""
    excess = link.count(")") - link.count("(")
    end = len(link)
    while end and (link[end - 1] in "?!.,:;*_~'\"]}…\\" or (link[end - 1] == ")" and excess > 0)):
        excess -= link[end - 1] == ")"
        end -= 1
    return link[:end]


def bare_links(state: StateCore) -> None:
    """`www.acme.example` and `ada@acme.example` in texts that are not part of a link."""
    for block in state.tokens:
        if block.type == "inline" and block.children and ("@" in block.content or "www." in block.content.lower()):
            block.children = _linked(state.md, block.children)


def _linked(md: MarkdownIt, tokens: list[Token]) -> list[Token]:
    result: list[Token] = []
    inside = 0  # links and mentions
    for token in tokens:
        if token.type in {"link_open", "mark_open", "link_close", "mark_close"}:
            inside += token.nesting
        if token.type == "text" and not inside:
            result += _split(md, token)
        else:
            result.append(token)
    return result


def _split(md: MarkdownIt, token: Token) -> list[Token]:
    """A text around its bare links."""
    parts: list[Token] = []
    done = 0
    for found in _BARE.finditer(token.content):
        shown = trimmed(found[0])
        href = md.normalizeLink(("http://" if found["web"] else "mailto:") + shown)
        if not md.validateLink(href):
            continue
        parts += [_text(token.content[done : found.start()], token.level)]
        parts += [Token("link_open", "a", 1, attrs={"href": href}), _text(shown, token.level + 1)]
        parts += [Token("link_close", "a", -1)]
        done = found.start() + len(shown)
    return [*parts, _text(token.content[done:], token.level)] if parts else [token]


def _text(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)
