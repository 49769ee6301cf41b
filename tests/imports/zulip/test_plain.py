"""The short way gives what the long way gives, or nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dfworx.imports.zulip.html import to_markdown
from dfworx.imports.zulip.plain import plain
from dfworx.infra.markdown import render

PIECES = st.sampled_from(
    ["a", "Zoe", "7", "été", "word", " ", "  ", "-", "--", ":", ": ", ".", ". ", ", ", "(", ")", "!", "?", "'", "…",
     "*", "_", "#", "[", "]", "`", "\\", "http://a.b", "www.x.org", "x.org", "1. ", "> ", "+ ", "\n", "&amp;", "&lt;",
     "<code>", "</code>", "<code>x = 1</code>", "<code>--flag</code>", "<code> a</code>", "<code>a|b</code>", "~~",
     "$$"]
)  # fmt: skip


def by_the_long_way(html: str) -> tuple[str, str]:
    source = to_markdown(html)
    return source, render(source)


@settings(deadline=None, max_examples=400)
@given(st.lists(PIECES, max_size=9))
def test_it_is_the_same(pieces: list[str]):
    html = f"<p>{''.join(pieces)}</p>"
    short = plain(html)
    assert short is None or short == by_the_long_way(html)


@pytest.mark.parametrize(
    "html",
    ["<p>Words.</p>", "<p>It is <code>cut</code> (again), isn't it?</p>", "<p><code>x=1</code> is fine</p>"],
)
def test_simple_messages_take_it(html: str):
    assert plain(html) == by_the_long_way(html)


@pytest.mark.parametrize(
    "html", ["<p></p>", "<p>1. one</p>", "<p>see www.example.org</p>", "<p>a *b*</p>", "<p>a</p><p>b</p>"]
)
def test_others_do_not(html: str):
    assert plain(html) is None
