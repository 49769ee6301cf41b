"""Native forms: where they lead."""

import pytest
from starlette.requests import Request

from dfworx.core.errors import Conflict, Invalid, TooMany
from dfworx.web import forms
from tests.people import query_of


def _posted(path="/auth/sign-in", query=b"", **headers):
    raw = [(name.encode(), value.encode()) for name, value in {"host": "talk.test", **headers}.items()]
    return Request({
        "type": "http", "method": "POST", "path": path, "query_string": query, "headers": raw, "scheme": "http",
        "server": ("talk.test", 80),
    })  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/o/acme", "/o/acme/t/1?before=3#last", "/join/x-y_z"])
def test_a_page_of_ours_is_a_place_to_go(path):
    assert forms.local(path) == path


@pytest.mark.parametrize(
    "path",
    ["", None, "o/acme", "//evil.example", "/\\evil.example", "https://evil.example", "/a\\b", "/a\nb", "/ b", "/\t/x"],
)
def test_anything_else_is_not(path):
    assert forms.local(path) is None


def test_a_refusal_leads_back_to_the_page_with_its_type():
    answer = forms.back(_posted(referer="http://talk.test/sign-in?next=%2Fo%2Facme&error=old&field=old"), Conflict())
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?")
    assert query_of(answer.headers["location"]) == {"next": "/o/acme", "error": "conflict"}


def test_it_names_the_field_and_how_long_to_wait():
    page = "http://talk.test/register"
    assert query_of(forms.back(_posted(referer=page), Invalid(fields={"email": "?"})).headers["location"]) == {
        "error": "invalid",
        "field": "email",
    }
    assert query_of(forms.back(_posted(referer=page), TooMany(7)).headers["location"])["wait"] == "7"


@pytest.mark.parametrize(
    "referer",
    ["", "https://evil.example/x", "http://talk.test//evil.example", "http://talk.test/auth/sign-in"],
    ids=str,
)
def test_without_a_page_of_ours_it_is_the_one_of_the_same_name(referer):
    assert (
        forms.back(_posted(query=b"next=/o/acme", referer=referer), Conflict())
        .headers["location"]
        .startswith("/sign-in?next=%2Fo%2Facme&error=conflict")
    )
