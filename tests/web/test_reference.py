"""The reference of the API: all of it, from its document."""

import re

import pytest

from dfworx.api import TAGS, create_api
from dfworx.web import reference


@pytest.fixture(scope="module")
def document():
    """What the API says of itself."""
    return create_api().openapi()


@pytest.fixture(scope="module")
def page(document):
    """The page."""
    return reference.render(document)


def test_every_operation_is_there_under_a_tag_that_is_explained(document):
    shown = [(op["path"], op["method"].lower()) for group in reference.groups(document) for op in group["operations"]]
    known = [(path, method) for path, operations in document["paths"].items() for method in operations]
    assert sorted(shown) == sorted(known)
    assert {group["name"] for group in reference.groups(document)} == set(TAGS)


def test_links_lead_to_places_of_which_there_is_one_each(page):
    places = re.findall(r' id="([^"]+)"', page)
    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(places)


def test_nothing_runs_and_nothing_comes_from_elsewhere(page):
    assert "<script" not in page
    assert re.findall(r'(?:href|src)="(?![#/])[^"]*', page) == []


def test_an_example_holds_what_is_needed(document):
    (post,) = [op for g in reference.groups(document) for op in g["operations"] if op["id"] == "post_message"]
    assert '/organizations/$ORGANIZATION/threads/$THREAD_ID/messages" -X POST' in post["curl"]
    assert """-d '{"source": "…"}'""" in post["curl"]


def test_what_the_document_says_is_text(document):
    hostile = {"x": {"get": {"operationId": "x", "summary": "x", "responses": {}, "description": "<b>`<i>`"}}}
    assert "&lt;b&gt;<code>&lt;i&gt;</code>" in reference.render(document | {"paths": hostile})
