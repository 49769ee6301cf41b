"""Charts: lines, said in words too, with nothing in them that is not text."""

import re
from datetime import UTC, datetime, timedelta

from dfworx.ui.charts import Line, chart

TIMES = [datetime(2026, 5, 4, 12, tzinfo=UTC) + timedelta(minutes=n) for n in range(5)]


def drawn(*lines: Line, title: str = "Open pages") -> str:
    """A chart of whole numbers."""
    return chart(title, TIMES, lines, say="{:.0f}".format, when=lambda at: f"{at:%H:%M}")


def test_it_is_said_in_words_and_stands_in_a_table():
    html = drawn(Line("pages", [1, 2, 4, 3, 2]))
    assert "<title>Open pages</title>" in html
    assert "<desc>12:00 to 12:04. pages: between 1 and 4.</desc>" in html
    assert '<th scope="row">12:04</th><td>2</td>' in html
    assert "<figcaption>Open pages<b>2</b></figcaption>" in html


def test_a_line_is_broken_where_nothing_is_known_and_a_lone_value_is_a_dot():
    html = drawn(Line("pages", [1, None, 4, None, None]))
    path = re.search(r'class="line l0" d="([^"]+)"', html)
    assert path
    assert (path[1].count("M"), path[1].count("h.1"), path[1].count("L")) == (2, 2, 0)


def test_the_highest_value_is_at_the_top_and_nothing_leaves_the_frame():
    html = drawn(Line("a", [0, 10, 5, 0, 1]), Line("b", [3, 3, 3, 3, 3]))
    ys = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", html.partition('class="line')[2])]
    assert (min(ys), max(ys)) == (8.0, 92.0)


def test_without_figures_it_says_so():
    assert "No figures yet" in chart("Disk", [], [Line("disk", [])], say=str, when=str)


def test_what_it_is_called_is_text():
    assert "<script>" not in drawn(Line("<script>", [1, 1, 1, 1, 1]), title="<script>")
