"""What changed between two texts: nothing is lost, nothing is markup."""

import re
import time
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from dfworx.core.differences import marked

TEXTS = st.text(alphabet="ab <>&\n.", max_size=60)


def without(html: str, tag: str) -> str:
    """The text, leaving out what is marked."""
    kept = re.sub(f"<{tag}>.*?</{tag}>", "", html, flags=re.DOTALL)
    return unescape(re.sub("</?(ins|del)>", "", kept))


@given(TEXTS, TEXTS)
def test_both_texts_are_in_it(before, after):
    html = marked(before, after)
    assert without(html, "ins") == before
    assert without(html, "del") == after


def test_words_are_marked_and_not_letters():
    assert marked("we retry twice", "we retry thrice") == "we retry <del>twice</del><ins>thrice</ins>"


def test_markup_is_text():
    assert marked("<b>x</b>", "<script>x</script>").count("<script>") == 0


def test_the_longest_and_worst_is_done_in_time():
    begun = time.perf_counter()
    assert marked("ab " * 13_000, "ba " * 13_000)
    assert marked("a\n" * 20_000, "b\n" * 20_000)
    assert marked("a b " * 480, "b a " * 480)
    assert time.perf_counter() - begun < 5
