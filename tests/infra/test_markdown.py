"""What people type becomes HTML that is safe, whole and styled."""

# ruff: noqa: E501 (tables of cases read best a case a line)

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from hypothesis import given, settings
from hypothesis import strategies as st

from dfworx.infra import highlight
from dfworx.infra.markdown import bare, clean, excerpt, render
from dfworx.infra.settings import settings as ours
from tests.xss import XSS

ASSETS = Path(__file__).parents[2] / "assets"

TAGS = {
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
}
ATTRIBUTES = {
    "href",
    "title",
    "rel",
    "target",
    "class",
    "tabindex",
    "src",
    "alt",
    "loading",
    "type",
    "disabled",
    "checked",
    "aria-label",
    "start",
    "data-language",
    "data-name",
    "data-channel",
    "data-thread",
    "data-message",
}

MARKUP = st.lists(
    st.one_of(
        st.sampled_from(list("[]()*_`~<>|#-+:@$\\!&\n \t\"'=.1a/")),
        st.sampled_from(
            [
                "```",
                "```quote\n",
                "```spoiler x\n",
                "```py\n",
                "- [ ] ",
                "> ",
                "@**a**",
                "#**a>b**",
                "$$",
                "http://a.b",
                "|-|",
            ]
        ),
        st.sampled_from(XSS),
        st.text(max_size=5),
    ),
    max_size=40,
).map("".join)


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(f"<body>{html}</body>", "lxml")


def only(html: str, selector: str) -> Tag:
    found = soup(html).select(selector)
    assert len(found) == 1, html
    return found[0]


def assert_harmless(html: str) -> None:
    body = soup(html).body
    for tag in body.find_all(True) if body else []:
        assert tag.name in TAGS
        assert set(tag.attrs) <= ATTRIBUTES
        assert re.match(r"(https?:|mailto:|(?![a-z+.-]+:))", str(tag.get("href", "")), re.IGNORECASE)
        assert not re.match(r"[a-z+.-]+:|[/\\]{2}", str(tag.get("src", "")), re.IGNORECASE)


# -- nothing hostile


@pytest.mark.parametrize("payload", XSS)
def test_no_payload_survives(payload):
    assert_harmless(render(payload))


@pytest.mark.parametrize("payload", XSS)
def test_no_payload_survives_inside_other_markup(payload):
    for around in [
        "> {}",
        "- {}",
        "**{}**",
        "[{}](/x)",
        "| {} |\n| --- |",
        "# {}",
        "```\n{}\n```",
        "```quote\n{}\n```",
    ]:
        assert_harmless(render(around.format(payload)))


@pytest.mark.parametrize("payload", XSS)
def test_no_payload_survives_as_html(payload):
    assert_harmless(clean(payload))


def test_raw_html_is_shown_as_it_was_typed():
    assert soup(render("<b onclick=1>x</b>")).get_text().strip() == "<b onclick=1>x</b>"


def test_a_link_with_a_foreign_scheme_stays_text():
    assert soup(render("[x](javascript:alert(1))")).get_text().strip() == "[x](javascript:alert(1))"


@given(MARKUP)
@settings(max_examples=150, deadline=None)
def test_anything_renders_and_is_harmless(source):
    html = render(source)
    assert_harmless(html)
    assert clean(html) == html


@given(st.lists(st.one_of(st.sampled_from(XSS), st.text(alphabet="<>/abpretd\n\"'= &;", max_size=20))).map("".join))
@settings(max_examples=150, deadline=None)
def test_cleaning_twice_changes_nothing(html):
    assert clean(clean(html)) == clean(html)


@pytest.mark.parametrize(
    "html", ["<pre>\n\n\n\n\n\n\nx</pre>", "<table><a><table><a>x", "<a><p><a><p><a>x", "\x00<b>\r\n"]
)
def test_cleaning_settles_on_awkward_html(html):
    assert clean(clean(html)) == clean(html)


def test_a_broken_surrogate_is_no_reason_to_fail():
    assert "?" in render("a \ud800 b")
    assert excerpt("a \ud800 b") == "a ? b"


HOSTILE = [
    "[", "]", "![", "*", "_", "**a ", "`", "``a`", ">", "> ", "- ", "1. ", "#", "|", "|a|\n|-|\n", "\\", "&", "<", "<a ",
    "$$", "$$a", "@**", "@**a**", "#**", "http://", "http://a.b/(", "www.", "a@", "a@b.co ", "~~", "(", "[a](", "[a][", "\n",
    "\t", "```quote\n", "```spoiler x\n", "```\n", "~~~\n", "[a]: b\n", "    a\n", "- [ ] a\n", "=\n", "<!--", "<![CDATA[",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_repetition_gives_output_in_proportion(unit):
    """Without a limit these nest, multiply or take minutes; the time limit of a test is what they would meet."""
    source = (unit * 40_000)[:40_000]
    assert len(render(source)) <= 30 * len(source) + 100_000


def test_a_long_address_is_not_repeated_by_a_thousand_references():
    assert len(render("[a]: http://" + "x" * 7_000 + "\n\n" + "[a]" * 11_000)) < 2_000_000


def test_a_table_cannot_multiply_a_text():
    assert len(render("|a" * 500 + "|\n" + "|-" * 500 + "|\n" + "a\n" * 18_000)) < 1_500_000


def test_markers_too_deep_are_shown_and_nothing_is_dropped():
    html = render(">" * 60 + " deep")
    assert len(soup(html).select("blockquote")) == 20
    assert ">" * 40 + " deep" in soup(html).get_text()


# -- CommonMark and GFM


def test_a_single_newline_is_a_line_break():
    assert render("one\ntwo") == "<p>one<br>\ntwo</p>\n"


def test_emphasis_and_strikethrough():
    assert render("**a** _b_ ~~c~~") == "<p><strong>a</strong> <em>b</em> <s>c</s></p>\n"


def test_headings_and_rules():
    assert render("# A\n\n---") == "<h1>A</h1>\n<hr>\n"


def test_a_table_scrolls_and_keeps_its_alignment():
    html = render("| a | b | c |\n|---|:-:|--:|\n| 1 | 2 | 3 |")
    assert only(html, "div.scroll[tabindex='0'] > table")
    assert [cell.get("class") for cell in soup(html).select("td")] == [None, ["align-center"], ["align-right"]]


def test_task_lists_say_their_state_to_screen_readers():
    boxes = soup(render("- [x] done\n- [ ] open")).select("li.task-list-item > input[type=checkbox][disabled]")
    assert [(box.get("aria-label"), box.has_attr("checked")) for box in boxes] == [("Done", True), ("To do", False)]


def test_a_numbered_list_keeps_its_first_number():
    assert only(render("3. x"), "ol")["start"] == "3"


def test_brackets_without_a_box_are_text():
    assert "[ ] x" in render("[ ] x")


# -- links


@pytest.mark.parametrize(
    ("source", "href", "shown"),
    [
        ("https://acme.example/a_b_c", "https://acme.example/a_b_c", "https://acme.example/a_b_c"),
        ("(https://acme.example/x).", "https://acme.example/x", "https://acme.example/x"),
        ("https://acme.example/x_(y)", "https://acme.example/x_(y)", "https://acme.example/x_(y)"),
        ("**https://acme.example**", "https://acme.example", "https://acme.example"),
        ("<https://acme.example>", "https://acme.example", "https://acme.example"),
        ("HTTP://acme.example", "HTTP://acme.example", "HTTP://acme.example"),
        ("https://acme.example/%20x", "https://acme.example/%20x", "https://acme.example/%20x"),
        ("[https://a.example](https://b.example)", "https://b.example", "https://a.example"),
        ("www.acme.example, you see", "http://www.acme.example", "www.acme.example"),
        ("ada_b@acme.example.", "mailto:ada_b@acme.example", "ada_b@acme.example"),
        ("[x](/o/acme)", "/o/acme", "x"),
        ("[x](#y)", "#y", "x"),
    ],
)
def test_links(source, href, shown):
    link = only(render(source), "a")
    assert (link["href"], link.get_text()) == (href, shown)
    assert link["rel"] == ["noopener", "noreferrer", "nofollow"]


@pytest.mark.parametrize(
    "source", ["xhttps://a.example", "https://", "README.md", "a@b", "`https://a.example`", "@**a@b.example**"]
)
def test_no_links(source):
    assert not soup(render(source)).select("a")


@pytest.mark.parametrize("source", ["[x](/o/acme)", "[x](#y)", "[x](OURS/o/acme)", "a@b.example"])
def test_own_links_open_here(source):
    assert not only(render(source.replace("OURS", ours().origin)), "a").has_attr("target")


@pytest.mark.parametrize("source", ["[x](//evil.example)", "https://evil.example", "[x](OURS.evil.example)"])
def test_foreign_links_open_elsewhere(source):
    assert only(render(source.replace("OURS", ours().origin)), "a")["target"] == "_blank"


def test_a_foreign_picture_is_a_link():
    link = only(render("![A chart](https://a.example/x.png)"), "a[target=_blank]")
    assert (link["href"], link.get_text()) == ("https://a.example/x.png", "🖼 A chart")


def test_a_picture_in_a_link_is_its_text():
    assert only(render("[![A chart](https://a.example/x.png)](https://b.example)"), "a").get_text() == "🖼 A chart"


def test_an_own_picture_is_shown():
    picture = only(render("![A chart](/files/x.png)"), "img")
    assert (picture["src"], picture["alt"], picture["loading"]) == ("/files/x.png", "A chart", "lazy")


# -- code


def test_code_is_colored_and_names_its_language():
    block = only(
        render("```python\ndef f(x): return 'x'\n```"), "div.code[data-language=python] > pre[tabindex='0'] > code"
    )
    assert block.get_text() == "def f(x): return 'x'"
    assert [span["class"] for span in block.select("span")] == [["k"], ["f"], ["k"], ["s"]]


@pytest.mark.parametrize("language", ["", "nonsense", "<b>", "x" * 500])
def test_unknown_languages_are_plain(language):
    assert not soup(render(f"```{language}\nx = 1 < 2\n```")).select("pre span")


@pytest.mark.parametrize("language", sorted(highlight.LANGUAGES | highlight.ALIASES.keys() | {"diff"}))
@pytest.mark.parametrize("code", ["\n\n  x <y> & 'z' \"\n\t1\n\n", "+a\n-b\n@@ c", "", "é ü 漢字"])
def test_coloring_changes_no_character(language, code):
    colored = highlight.highlight(code, language)
    assert colored is not None
    assert BeautifulSoup(f"<pre>.{colored}</pre>", "html.parser").get_text()[1:] == code


def test_long_code_is_shown_and_not_colored():
    code = "x = 1\n" * 3_000
    block = only(render(f"```python\n{code}```"), "pre code")
    assert not block.select("span")
    assert block.get_text() == code.rstrip("\n")


def test_much_code_in_one_text_is_colored_only_at_first():
    blocks = soup(
        render(f"```python\n{'x = 1' + chr(10) * 600}```\n".replace("\n" * 600, "\ny = 2" * 500 + "\n") * 8)
    ).select("pre")
    assert blocks[0].select("span")
    assert not blocks[-1].select("span")


# -- the chat's own


def test_mentions():
    html = render("@**Ada Ferreira** @_**Ben** @*ops* @**Cy|12**")
    shown = [(span["class"], span["data-name"], span.get_text()) for span in soup(html).select("span")]
    assert shown == [
        (["mention"], "Ada Ferreira", "@Ada Ferreira"),
        (["mention", "silent"], "Ben", "Ben"),
        (["mention", "group"], "ops", "@ops"),
        (["mention"], "Cy", "@Cy"),
    ]


@pytest.mark.parametrize("source", ["a@**b**", "`@**b**`", "@** **x", "\\@\\*\\*b\\*\\*", "```\n@**b**\n```"])
def test_no_mentions(source):
    assert not soup(render(source)).select(".mention[data-name=b]")


def test_references():
    html = render("#**platform** #**platform>Retries on the queue** #**platform>Retries@7**")
    assert [span.get_text() for span in soup(html).select("span.reference")] == [
        "#platform", "#platform > Retries on the queue", "#platform > Retries @ 💬",
    ]  # fmt: skip
    last = soup(html).select("span.reference")[-1]
    assert (last["data-channel"], last["data-thread"], last["data-message"]) == ("platform", "Retries", "7")


def test_math_is_code_of_its_own_kind():
    assert only(render(r"so $$e^{i\pi}_x*$$ holds"), "code.math").get_text() == r"e^{i\pi}_x*"
    assert only(render("```math\n\\sum_i\n```"), "pre.math > code").get_text() == "\\sum_i"
    assert not soup(render("$$ $$$ $5 and $$")).select(".math")


def test_a_quote_fence_holds_markdown_and_other_fences():
    html = render("```quote\n**a**\n```py\nx = 1\n```\nb\n```\nafter")
    assert only(html, "blockquote strong").get_text() == "a"
    assert only(html, "blockquote pre").get_text() == "x = 1"
    assert only(html, "blockquote ~ p").get_text() == "after"


def test_a_spoiler_hides_its_content_behind_its_title():
    html = render("````spoiler The **end**\n```py\nx\n```\n````\nafter")
    assert only(html, "details > summary").get_text() == "The end"
    assert only(html, "details > summary > strong")
    assert only(html, "details pre").get_text() == "x"
    assert only(render("```spoiler\nx\n```"), "summary").get_text() == "Spoiler"


def test_a_fence_that_is_not_closed_ends_with_the_text():
    assert only(render("```quote\na\n\nb"), "blockquote").get_text().split() == ["a", "b"]


def test_a_fence_in_a_list_stays_in_it():
    html = render("- a\n  ```quote\n  b\n  ```\n- c")
    assert only(html, "li > blockquote").get_text().strip() == "b"
    assert len(soup(html).select("li")) == 2


# -- excerpts


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("**Hello** @**Ada**,\nsee [this](http://x.example)", "Hello @Ada, see this"),
        ("# Title\n\n- a\n- b", "Title a b"),
        ("```py\nx = 1\n```", "x = 1"),
        ("![chart](/x.png)", "🖼 chart"),
        ("", ""),
        ("word " * 50, "word " * 27 + "word…"),
        ("x" * 200, "x" * 139 + "…"),
    ],
)
def test_excerpts(source, line):
    assert excerpt(source) == line


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("Two `databases`, **now**", "Two databases, now"),
        ("[Postgres](https://x.example) ~~only~~", "Postgres only"),
        ("1. Wait", "1. Wait"),
        ("---", "---"),
        ("a < b & <b>c</b>", "a < b & <b>c</b>"),
        ("[](https://x.example)", "[](https://x.example)"),
    ],
)
def test_a_line_without_its_markup(source, line):
    assert bare(source) == line


@given(MARKUP, st.integers(1, 60))
@settings(max_examples=100, deadline=None)
def test_an_excerpt_is_one_line_and_not_too_long(source, length):
    assert "\n" not in excerpt(source, length)
    assert len(excerpt(source, length)) <= length


# -- the stylesheet

PAIRS = [
    ("accent-ink", "code-bg"), ("ok", "code-bg"), ("wait", "code-bg"), ("ink-3", "code-bg"), ("ink", "code-bg"), ("ok", "ok-soft"),
    ("stop", "stop-soft"), ("accent-ink", "accent-soft"), ("accent-ink", "bg"), ("accent-ink", "bg-side"), ("accent-ink", "bg-raised"),
    ("ink-2", "bg"), ("ink-2", "bg-side"), ("ink-2", "accent-soft"), ("ink-2", "code-bg"), ("ink", "bg-side"),
]  # fmt: skip


def colors(theme: str) -> dict[str, str]:
    css = (ASSETS / "tokens.css").read_text()
    rules = [css.partition(f"{name} {{")[2].partition("}")[0] for name in (":root", ".dark")]
    light, dark = (dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", rule)) for rule in rules)
    return light if theme == "light" else {**light, **dark}


def luminance(color: str) -> float:
    """WCAG 2.2, relative luminance."""
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), PAIRS)
def test_colors_can_be_read(theme, ink, paper):
    dark, bright = sorted(luminance(colors(theme)[name]) for name in (ink, paper))
    assert (bright + 0.05) / (dark + 0.05) >= 4.5


def test_every_color_of_the_stylesheet_is_a_token():
    css = (ASSETS / "markdown.css").read_text()
    assert not re.search(r":[^;{]*(#[0-9a-f]{3,8}\b|rgb|hsl)", css)
    assert set(re.findall(r"var\(--([\w-]+)\)", css)) <= set(
        re.findall(r"--([\w-]+):", (ASSETS / "tokens.css").read_text())
    )


def test_every_class_that_comes_out_is_styled():
    css = (ASSETS / "markdown.css").read_text()
    classes = highlight.NAMES | {
        "mention",
        "silent",
        "group",
        "reference",
        "math",
        "code",
        "scroll",
        "task-list-item",
        "align-right",
    }
    assert {name for name in classes if not re.search(rf"\.{name}\b", css)} == set()
