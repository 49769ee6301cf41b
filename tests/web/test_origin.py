"""Cross-site requests."""

import pytest

from dfworx.infra.settings import settings
from dfworx.web import identity

pytestmark = pytest.mark.anyio

FOREIGN = {"origin": "https://evil.example"}


@pytest.fixture
def posting(asking, cast):
    """Ada's client with the given headers in place of an Origin."""

    def client(headers, member="ada"):
        made = asking(getattr(cast, member) if member else None)
        made.headers.pop("origin")
        made.headers.update(headers)
        return made

    return client


async def _renames(client):
    return (await client.patch("/account", json={"name": "Ada Ferreira"})).status_code


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"origin": "http://localhost:{port}"}, 200),
        ({"origin": "http://127.0.0.1:{port}", "sec-fetch-site": "same-site"}, 200),
        (FOREIGN, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        (FOREIGN | {"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "http://localhost:{port}.evil.example"}, 403),
        ({}, 403),
    ],
    ids=str,
)
async def test_a_change_with_our_cookie_comes_from_our_pages(posting, headers, status):
    ours = {name: value.format(port=settings().port) for name, value in headers.items()}
    assert await _renames(posting(ours)) == status


async def test_reading_is_free(posting):
    assert (await posting(FOREIGN).get("/account")).status_code == 200


async def test_a_program_without_cookie_needs_no_origin(posting):
    assert await _renames(posting({}, member=None)) == 401


async def test_a_foreign_page_without_cookie_is_refused_too(posting):
    assert await _renames(posting(FOREIGN, member=None)) == 403


@pytest.mark.parametrize("headers", [{}, FOREIGN, {"sec-fetch-site": "cross-site"}], ids=str)
async def test_a_native_form_always_comes_from_our_pages(posting, headers):
    form = {"email": "ada@example.org", "password": "x"}
    answer = await posting(headers, member=None).post(f"{settings().origin}/auth/sign-in", data=form)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:dfworx:problem:foreign-origin")
    assert identity.cookie_name() not in answer.cookies
