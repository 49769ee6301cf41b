"""Zulip's HTML becomes markdown that renders to the same text."""

# ruff: noqa: E501 (what Zulip writes on one line stands on one line)

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html  # type: ignore[import-untyped]

from dfworx.imports.zulip.html import to_markdown
from dfworx.infra.markdown import render

TEX = (
    '<span class="katex"><span class="katex-mathml"><math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><mi>x</mi>'
    '</mrow><annotation encoding="application/x-tex">{}</annotation></semantics></math></span>'
    '<span class="katex-html" aria-hidden="true"><span class="mord mathnormal">x</span></span></span>'
)
SHAPES = {
    "paragraphs": ("<p>One.</p>\n<p>Two.</p>", "One.\n\nTwo."),
    "a line break": ("<p>One<br>\ntwo</p>", "One\ntwo"),
    "bold, italics, struck out": ("<p><strong>a</strong> <em>b</em> <del>c</del></p>", "**a** *b* ~~c~~"),
    "nested marks": ("<p><strong>a <em>b</em></strong></p>", "**a *b***"),
    "blanks inside a mark": ("<p>a<strong> b </strong>c</p>", "a **b** c"),
    "a mark that CommonMark cannot end there": ('<p><strong>"a"</strong>b</p>', '"a"b'),
    "inline code": ("<p>Run <code>make test</code>.</p>", "Run `make test`."),
    "inline code with backticks": ("<p><code>a `b` ``c``</code></p>", "``` a `b` ``c`` ```"),
    "code spans side by side": ("<p><code>a</code><code>b</code></p>", "`ab`"),
    "a code block": (
        (
            '<div class="codehilite" data-code-language="Python"><pre><span></span><code><span class="k">def</span> f():\n'
            "    pass\n</code></pre></div>"
        ),
        "```python\ndef f():\n    pass\n```",
    ),
    "a code block without a language": (
        '<div class="codehilite"><pre><span></span><code>a\n</code></pre></div>',
        "```\na\n```",
    ),
    "a language by its long name": (
        '<div class="codehilite" data-code-language="Bash Session"><pre><code>$ ls\n</code></pre></div>',
        "```console\n$ ls\n```",
    ),
    "a code block with fences inside": (
        '<div class="codehilite" data-code-language="Markdown"><pre><code>```py\nx\n```\n</code></pre></div>',
        "````markdown\n```py\nx\n```\n````",
    ),
    "a quote": ("<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>\n<p>c</p>", "> a\n>\n> b\n\nc"),
    "nested quotes": ("<blockquote><blockquote><p>a</p></blockquote><p>b</p></blockquote>", "> > a\n>\n> b"),
    "a mention": (
        '<p><span class="user-mention" data-user-id="3">@Ada Ferreira</span>: yes</p>',
        "@**Ada Ferreira**: yes",
    ),
    "a silent mention": (
        '<p><span class="user-mention silent" data-user-id="3">Ada Ferreira</span></p>',
        "@_**Ada Ferreira**",
    ),
    "a group": ('<p><span class="user-group-mention" data-user-group-id="1">@ops</span></p>', "@*ops*"),
    "everybody": (
        '<p><span class="user-mention channel-wildcard-mention" data-user-id="*">@all</span></p>',
        "@**all**",
    ),
    "a stream": ('<p><a class="stream" data-stream-id="1" href="/#narrow/stream/1-ops">#ops</a></p>', "#**ops**"),
    "a topic": (
        '<p><a class="stream-topic" data-stream-id="1" href="/#narrow/stream/1-ops/topic/x">#ops &gt; the x</a></p>',
        "#**ops>the x**",
    ),
    "one message": (
        '<p><a class="message-link" href="/#narrow/channel/1-ops/topic/x/near/77">#ops &gt; the x @ 💬</a></p>',
        "#**ops>the x@77**",
    ),
    "a topic whose name cannot stand in a reference": (
        '<p><a class="stream-topic" data-stream-id="1" href="/#narrow/x">#ops &gt; a**b</a></p>',
        "#ops > a\\*\\*b",
    ),
    "a plain link to a topic": (
        '<p>see <a href="/#narrow/stream/1-ops-night/topic/disk.20full.2E">the plan</a></p>',
        "see the plan (#**ops-night>disk full.**)",
    ),
    "the address of a message": (
        '<p><a href="#narrow/channel/1-ops/topic/x/with/77">https://acme.zulipchat.com/#narrow/channel/1-ops</a></p>',
        "#**ops>x@77**",
    ),
    "the address of a channel": ('<p><a href="#narrow/stream/1-ops">#narrow/stream/1-ops</a></p>', "#**ops**"),
    "somewhere in Zulip that is no channel": ('<p><a href="#narrow/is/starred">starred</a></p>', "starred"),
    "a channel without a name": ('<p><a href="/#narrow/stream/1">the first</a></p>', "the first"),
    "a list": ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "- a\n- b"),
    "a numbered list": ('<ol start="9">\n<li>a</li>\n<li>b</li>\n</ol>', "9. a\n10. b"),
    "nested lists": (
        "<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ul>",
        "- a\n  - b\n    1. c\n- d",
    ),
    "a list of paragraphs": ("<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>", "- a\n\n  b\n\n- c"),
    "lists that follow each other": ("<ul><li>a</li></ul>\n<ul><li>b</li></ul>", "- a\n\n* b"),
    "code in a list": (
        "<ul><li>a<div class='codehilite'><pre><code>x\n</code></pre></div></li></ul>",
        "- a\n  ```\n  x\n  ```",
    ),
    "a table": (
        (
            '<table><thead><tr><th style="text-align: left">a</th><th style="text-align: right">b</th><th>c</th></tr></thead>'
            "<tbody><tr><td>1 | 2</td><td><code>x|y</code></td><td></td></tr></tbody></table>"
        ),
        "| a | b | c |\n| :-- | --: | --- |\n| 1 \\| 2 | `x\\|y` |  |",
    ),
    "a link": ('<p><a href="https://a.example/x?a=1&amp;b=2">here</a></p>', "[here](https://a.example/x?a=1&b=2)"),
    "a bare link": (
        '<p>See <a href="https://a.example/x_y">https://a.example/x_y</a>.</p>',
        "See https://a.example/x_y.",
    ),
    "a bare link that runs into text": (
        '<p><a href="https://a.example">https://a.example</a>/x</p>',
        "[https://a.example](https://a.example)/x",
    ),
    "a bare link in angle brackets": (
        '<p>&lt;<a href="https://a.example">https://a.example</a>&gt;</p>',
        "\\<https://a.example>",
    ),
    "a linkifier": (
        '<p><a href="https://github.com/acme/x/pull/7">x#7</a></p>',
        "[x#7](https://github.com/acme/x/pull/7)",
    ),
    "an upload": ('<p><a href="/user_uploads/1/ab/x y.pdf">x y.pdf</a></p>', "[x y.pdf](/user_uploads/1/ab/x%20y.pdf)"),
    "a link with brackets": ('<p><a href="https://a.example/(x">a [b]</a></p>', "[a \\[b\\]](https://a.example/%28x)"),
    "a link of an unknown kind": ('<p><a href="zulip://x">x</a></p>', "x"),
    "a picture below its link": (
        (
            '<p><a href="/user_uploads/1/x.png">x.png</a></p>\n<div class="message_inline_image">'
            '<a href="/user_uploads/1/x.png" title="x.png"><img src="/user_uploads/thumbnail/1/x.png"></a></div>'
        ),
        "[x.png](/user_uploads/1/x.png)",
    ),
    "a picture alone": (
        '<div class="message_inline_image"><a href="/user_uploads/1/x.png" title="A chart"><img src="/t/x.png"></a></div>',
        "[A chart](/user_uploads/1/x.png)",
    ),
    "a picture within the text": (
        '<p><img class="inline-image" alt="A chart" src="/user_uploads/x.png"></p>',
        "![A chart](/user_uploads/x.png)",
    ),
    "an emoji": (
        '<p><span aria-label="tada" class="emoji emoji-1f389" role="img" title="tada">:tada:</span></p>',
        "🎉",
    ),
    "an emoji of several characters": (
        '<p><span class="emoji emoji-1f926-200d-2642" title="x">:x:</span></p>',
        "🤦\u200d♂",
    ),
    "an emoji of their own": (
        '<p><img alt=":merge:" class="emoji" src="https://a.example/1.png" title="merge"></p>',
        ":merge:",
    ),
    "a formula": (f"<p>so {TEX.format('x^2_i')}</p>", "so $$x^2_i$$"),
    "a displayed formula": (
        f'<p>so <span class="katex-display">{TEX.format("x")}</span> yes</p>',
        "so\n\n```math\nx\n```\n\nyes",
    ),
    "a formula that KaTeX refused": ('<p><span class="tex-error">$$\\x$$</span></p>', "\\$\\$\\x\\$\\$"),
    "a spoiler": (
        (
            '<div class="spoiler-block"><div class="spoiler-header">\n<p>The <strong>end</strong></p>\n</div>'
            '<div class="spoiler-content" aria-hidden="true">\n<p>a</p>\n<div class="codehilite"><pre><code>b\n</code></pre></div></div></div>'
        ),
        "````spoiler The **end**\na\n\n```\nb\n```\n````",
    ),
    "a spoiler with code in its title": (
        (
            '<div class="spoiler-block"><div class="spoiler-header"><p><code>x</code></p></div>'
            '<div class="spoiler-content"><p>a</p></div></div>'
        ),
        "~~~spoiler `x`\na\n~~~",
    ),
    "a time": (
        '<p><time datetime="2023-12-21T07:00:00Z">2023-12-21T18:00:00+11:00</time></p>',
        "2023-12-21T18:00:00+11:00",
    ),
    "a heading": ("<h3>a <code>b</code></h3>", "### a `b`"),
    "a rule": ("<p>a</p><hr><p>b</p>", "a\n\n***\n\nb"),
    "a deleted message": ("<p>(deleted)</p>", "(deleted)"),
    "a task": ("<ul><li>[ ] a</li><li>[x] b</li></ul>", "- [ ] a\n- [x] b"),
    "a preview of a page": (
        (
            '<div class="message_embed"><div class="data-container"><div class="message_embed_title"><a href="https://a.example">T</a></div>'
            '<div class="message_embed_description">D</div></div></div>'
        ),
        "[T](https://a.example)\n\nD",
    ),
    "nothing": ("", ""),
}

NATURAL = [
    "snake_case and __init__ in a sentence", "3 * 4 = 12", "a - b", "1.5 and e.g. this", "f(x)[0] (see [1])", "#7 and #tag", "List<Nat>",
    "$5, or 10$ more", "~5 minutes", "R&D", "a < b > c", "Really?! Yes!", "C:\\Users\\ada", "100%", "x := y", "a|b", "foo@bar", "50 + 2",
]  # fmt: skip
ESCAPED = {
    "*a*": "\\*a\\*", "_a_": "\\_a\\_", "`a`": "\\`a\\`", "# a": "\\# a", "- a": "\\- a", "+ a": "\\+ a", "1. a": "1\\. a", "1) a": "1\\) a",
    "> a": "\\> a", "---": "\\---", "===": "\\===", "[a](b)": "[a\\](b)", "[a]: b": "\\[a]: b", "&amp;": "\\&amp;", "~~a~~": "\\~\\~a\\~\\~",
    "$$a$$": "\\$\\$a\\$\\$", "@**Ada**": "@\\*\\*Ada\\*\\*", "<http://a.b>": "\\<http\\://a.b>", "a\\": "a\\\\", "\\*": "\\\\\\*",
    "![a](b)": "\\![a\\](b)", "http://a.b/*c*": "http\\://a.b/\\*c\\*", "|-|": "\\|-|", "* * *": "\\* * \\*",
}  # fmt: skip


def visible(html: str) -> str:
    """The text that a reader sees, without blanks."""
    return re.sub(r"\s+", "", "".join(lxml_html.document_fromstring(f"<body>.{html}</body>").itertext()))


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize(("html", "markdown"), SHAPES.values(), ids=SHAPES.keys())
def test_shapes(html, markdown):
    assert to_markdown(html) == markdown


@pytest.mark.parametrize("text", NATURAL)
def test_ordinary_text_is_left_alone(text):
    html = f"<p>{escaped(text)}</p>"
    assert to_markdown(html).replace("\\_\\_init\\_\\_", "__init__") == text
    assert visible(render(to_markdown(html))) == visible(html)


@pytest.mark.parametrize(("text", "markdown"), ESCAPED.items())
def test_what_would_be_markup_is_escaped(text, markdown):
    html = f"<p>{escaped(text)}</p>"
    assert to_markdown(html) == markdown
    assert visible(render(markdown)) == visible(html)


def test_very_deep_html_keeps_its_text():
    html = "<blockquote>" * 300 + "deep" + "</blockquote>" * 300
    assert "deep" in to_markdown(html)
    assert "deep" in to_markdown("<p>" + "<strong><em>" * 500 + "deep")


@pytest.mark.parametrize(
    "html", ["<p", "<<<>>>", "<p>a\x00b", "\ud800", "<li>x", "<table></table>", "<ol><p>x</ol>", "<td>x", "&", "<a>"]
)
def test_broken_html_is_no_reason_to_fail(html):
    render(to_markdown(html))


TEXT = st.lists(
    st.one_of(
        st.sampled_from(
            [*NATURAL, *ESCAPED, " ", " a ", "!", "]", "\\", "<", "http://", "www.a.b", "a@b.co", "```", "x"]
        ),
        st.text(alphabet="*_`[]()<>#!|~$@&\\:-+=.1a \"'/", max_size=8),
    ),
    min_size=1,
    max_size=4,
).map(lambda parts: escaped("".join(parts)))

INLINE = st.recursive(
    st.one_of(TEXT, TEXT, TEXT.map(lambda text: f"<code>{text}</code>"), st.just("<br>")),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["strong", "em", "del"]), inner).map(lambda x: f"<{x[0]}>{x[1]}</{x[0]}>"),
        inner.filter(lambda x: "<a " not in x).map(lambda x: f'<a href="https://a.example/x">{x}</a>'),
        st.lists(inner, min_size=2, max_size=4).map("".join),
    ),
    max_leaves=6,
)
BLOCK = st.recursive(
    st.one_of(
        INLINE.map(lambda x: f"<p>{x}</p>"),
        TEXT.map(lambda x: f'<div class="codehilite"><pre><span></span><code>{x}\n</code></pre></div>'),
        INLINE.map(lambda x: f"<h2>{x}</h2>"),
        INLINE.map(lambda x: f"<table><tr><th>{x}</th><th>b</th></tr><tr><td>1</td><td>{x}</td></tr></table>"),
    ),
    lambda inner: st.one_of(
        inner.map(lambda x: f"<blockquote>{x}</blockquote>"),
        inner.map(lambda x: f"<ul><li>a{x}</li><li>{x}</li></ul>"),
        inner.map(lambda x: f"<ol><li>{x}</li></ol>"),
        st.lists(inner, min_size=2, max_size=3).map("\n".join),
    ),
    max_leaves=4,
)


@given(BLOCK)
@settings(max_examples=300, deadline=None)
def test_no_text_is_lost(html):
    assert visible(render(to_markdown(html))) == visible(html)
