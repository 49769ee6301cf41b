"""What pages say: refusals of native forms, times, avatars."""

from datetime import UTC, datetime, timedelta

import pytest

from dfworx.organizations import errors as _organizations  # noqa: F401 - refusals are known when their slices are
from dfworx.ui import times
from dfworx.ui.avatars import hue, initials
from dfworx.ui.failures import handler_failed
from dfworx.web.forms import words

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "field", "wait", "said"),
    [
        ("invitation-not-valid", "", "", "This invitation link is not valid any more. Please ask for a new one."),
        ("invalid", "email", "", "This is not an e-mail address."),
        ("too-many", "", "42", "Too many attempts. Please try again in 42 s."),
        ("too-many", "", "130", "Too many attempts. Please try again in 3 minutes."),
        ("too-many", "", "soon", "Too many attempts. Please wait a moment."),
        ("<b>call this number</b>", "<b>", "", "This did not work. Please try again."),
    ],
)
def test_a_refusal_is_said_in_words_of_ours_only(kind, field, wait, said):
    assert words(kind, field, wait) == said


@pytest.mark.parametrize(
    ("past", "said"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5, minutes=59), "5 hours ago"),
        (timedelta(days=59), "59 days ago"),
        (timedelta(days=90), "3 Feb 2026"),
    ],
)
def test_how_long_ago(past, said):
    assert times.ago(NOW - past, NOW) == said


def test_what_ends_in_almost_a_week_ends_in_a_week():
    assert times.ahead(NOW + timedelta(days=7, seconds=-3), NOW) == "in 7 days"


def test_avatars_are_letters_and_a_colour_of_their_own():
    assert [initials(name) for name in ("Ada Maria Ferreira", "ben", "")] == ["AF", "B", "?"]
    assert hue("01a2056d-c482-730d-b8bb-d371f5065af6") == hue("065af6")


def test_what_broke_is_logged_and_not_shown(caplog):
    told = handler_failed(RuntimeError("password of the database"))
    assert "password of the database" in caplog.text
    assert "password" not in str(told.args)
    assert "Something went wrong on our side" in str(told.args)
