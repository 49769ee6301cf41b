"""Security and cache headers of every response."""

import base64
import hashlib

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from dfworx.web.headers import SecurityHeaders, caching, script_hashes

pytestmark = pytest.mark.anyio

PAGE = """<!DOCTYPE html><html><head>
<script>window.a = "ä";</script><SCRIPT type="module" async="">import "/x.js"</SCRIPT
><script src="/assets/app.js"></script><script
 data-x="1">
let b = 2;
</script><link rel="modulepreload" href="/x"></head></html>"""


def _hash(script):
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


@pytest.fixture
def build(tmp_path):
    """A small build of two pages that share a script."""
    (tmp_path / "o").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "o" / "404.html").write_text('<script>window.a = "ä";</script><script></script>')
    return tmp_path


@pytest.fixture
async def client(build):
    async def page(_request):
        return HTMLResponse(PAGE)

    async def unchanged(_request):
        return Response(status_code=304)

    async def own(_request):
        return PlainTextResponse("x", headers={"cache-control": "max-age=5"})

    routes = [Route("/", page), Route("/304", unchanged), Route("/own", own)]
    transport = httpx.ASGITransport(SecurityHeaders(Starlette(routes=routes), build))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def test_every_inline_script_is_hashed_once(build):
    expected = {_hash(script) for script in ('window.a = "ä";', 'import "/x.js"', "\nlet b = 2;\n", "")}
    assert set(script_hashes(build)) == expected
    assert len(script_hashes(build)) == len(expected)


async def test_a_page_runs_its_own_scripts_alone(client):
    policy = (await client.get("/")).headers["content-security-policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert scripts.startswith("script-src 'strict-dynamic' 'sha256-")
    assert _hash("\nlet b = 2;\n") in scripts
    assert "unsafe-eval" not in policy
    for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert part in policy


async def test_everything_else_runs_nothing(client):
    answer = await client.get("/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


async def test_an_unchanged_page_keeps_the_policy_that_it_came_with(client):
    answer = await client.get("/304")
    assert "content-security-policy" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/nothing", "/304"])
async def test_the_common_headers_are_everywhere(client, path):
    headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers


async def test_over_https_browsers_are_told_to_stay_there(client, configured):
    configured(PUBLIC_URL="https://talk.acme.example")
    headers = (await client.get("/")).headers
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert "connect-src 'self' wss://talk.acme.example" in headers["content-security-policy"]


async def test_an_answer_may_decide_for_itself_how_long_it_is_kept(client):
    assert (await client.get("/own")).headers["cache-control"] == "max-age=5"


@pytest.mark.parametrize(
    ("path", "status", "value"),
    [
        ("/api/v1/account", 200, "no-store"),
        ("/auth/sign-in", 303, "no-store"),
        ("/assets/app-1a2b.js", 200, "public, max-age=31536000, immutable"),
        ("/assets/gone.js", 404, "no-store"),
        ("/sw.js", 200, "no-cache"),
        ("/", 200, "no-cache"),
    ],
)
def test_what_caches_keep(path, status, value):
    assert caching(path, status) == value


async def test_the_whole_api_carries_them_in_failures_too(asking, monkeypatch):
    for path, status in (("/account", 401), ("/nothing", 404), ("/openapi.json", 200)):
        answer = await asking().get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-store")
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-request-id"]
