"""The form of a decision's text: what was typed, and two texts made from one."""

from dfworx.decisions.state_merging import both_changed, options_of, said_of, shortened, typed_in
from dfworx.decisions.validators import Content, Option

BASE = said_of(
    Content(
        title="Retries",
        context="Old",
        options=[Option(title="Backoff", pros=["cheap", "simple"]), Option(title="Nothing")],
        chosen="Backoff",
        paths=["a/**", "b/**"],
    )
)


def form(said, **typed):
    """What the browser sends when nothing was touched but these."""
    fields = {name: said[name] for name in ("title", "context", "outcome")} | {"paths": "\n".join(said["paths"])}
    for option in options_of(said):
        fields |= {f"{option['key']}-{part}": option[part] for part in ("title", "text", "pros", "cons", "neutral")}
        fields |= {"chosen": option["key"]} if option["chosen"] else {}
    return {**fields, **typed}, [option["key"] for option in options_of(said)]


def test_a_form_that_nobody_touched_says_what_it_was_made_from():
    typed, keys = form(BASE)
    assert typed_in(typed, keys, BASE) == BASE


def test_lines_become_points_and_an_empty_option_is_none():
    typed, keys = form(BASE, **{"o0-0-pros": " cheap \r\n\r\nfast", "o1-0-title": " "})
    assert typed_in(typed, keys, BASE)["options"] == [{**BASE["options"][0], "pros": ["cheap", "fast"]}]


def test_the_choice_follows_the_title_of_its_option():
    typed, keys = form(BASE, **{"o0-0-title": "Capped backoff"})
    assert typed_in(typed, keys, BASE)["chosen"] == "Capped backoff"


def test_a_choice_that_is_no_option_stays():
    base = {**BASE, "chosen": "Something else"}
    typed, keys = form(base)
    assert typed_in(typed, keys, base)["chosen"] == "Something else"


def test_what_only_they_have_changed_is_taken():
    assert both_changed(BASE, {**BASE, "context": "Theirs"}, {**BASE, "title": "Mine"}) == (["context"], {})


def test_where_both_have_changed_it_both_are_shown():
    taken, clashes = both_changed(BASE, {**BASE, "context": "Theirs <b>"}, {**BASE, "context": "Mine <b>"})
    assert taken == []
    shown = {"theirs": "Theirs <b>", "changes": "<del>Theirs</del><ins>Mine</ins> &lt;b&gt;"}
    assert clashes == {"context": shown}


def test_what_they_have_emptied_is_a_clash_too():
    assert both_changed(BASE, {**BASE, "context": ""}, {**BASE, "context": "Mine"})[1]["context"]["theirs"] == ""


def test_differences_are_shown_with_the_lines_beside_them():
    far = "".join(f"line {number}\n" for number in range(9))
    short = shortened(f"{far}<del>a</del><ins>b</ins>{far}")
    assert short == (
        '<span class="gap">⋯</span>\nline 6\nline 7\nline 8\n<del>a</del><ins>b</ins>'
        'line 0\nline 1\nline 2\n<span class="gap">⋯</span>\n'
    )
    assert shortened("one\n<ins>two</ins>") == "one\n<ins>two</ins>"


def test_the_same_change_is_no_clash():
    same = {**BASE, "context": "The same"}
    assert both_changed(BASE, same, same) == ([], {})


def test_another_choice_is_a_change_of_the_options():
    taken, clashes = both_changed(BASE, {**BASE, "chosen": "Nothing"}, {**BASE, "options": BASE["options"][:1]})
    assert taken == []
    assert list(clashes) == ["options"]
