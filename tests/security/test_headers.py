"""The headers of everything that the served application answers, whatever kind of answer it is."""

import base64
import hashlib
import re

import httpx
import pytest

pytestmark = pytest.mark.anyio

SCRIPT = re.compile(r"<script(?![^>]*\ssrc\s*=)[^>]*>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
COMMON = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}
PAGES = ["/", "/sign-in", "/account", "/o/acme", "/o/acme/t/00000000-0000-0000-0000-000000000000"]
KINDS = {  # path: method, status
    "/no/such/page": ("GET", 404),
    "/api/health": ("GET", 200),
    "/api/v1/setup": ("GET", 200),
    "/api/v1/account": ("GET", 401),
    "/api/v1/no-such-thing": ("GET", 404),
    "/api/v1/openapi.json": ("GET", 200),
    "/api/v1/organizations": ("TRACE", 405),
    "/auth/sign-out": ("POST", 303),
    "/auth/no-such-form": ("POST", 405),
    "/app.css": ("GET", 200),
    "/favicon.svg": ("GET", 200),
    "/assets/gone.js": ("GET", 404),
}


@pytest.fixture
async def browser(server):
    headers = {"Origin": server.base_url, "Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(
        base_url=server.base_url, headers=headers, trust_env=False, follow_redirects=True
    ) as client:
        yield client


def directives(answer: httpx.Response) -> dict[str, list[str]]:
    """The content security policy, by directive."""
    parts = answer.headers["content-security-policy"].split(";")
    return {name: values for name, *values in (part.split() for part in parts)}


@pytest.mark.parametrize("path", [*PAGES, *KINDS])
async def test_every_kind_of_answer_defends_itself(browser, path):
    method, status = KINDS.get(path, ("GET", 200))
    answer = await browser.request(method, path, follow_redirects=path in PAGES)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in COMMON} == COMMON
    assert "camera=()" in answer.headers["permissions-policy"]
    assert directives(answer)["frame-ancestors"] == ["'none'"]
    assert "x-powered-by" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers or answer.headers["access-control-allow-origin"] != "*"


@pytest.mark.parametrize("path", [*PAGES, "/no/such/page"])
async def test_a_page_runs_only_scripts_whose_hashes_it_names(browser, path):
    answer = await browser.get(path)
    policy = directives(answer)
    for unsafe in ("'unsafe-eval'", "'unsafe-inline'", "'wasm-unsafe-eval'", "*", "https:", "data:"):
        assert unsafe not in policy["script-src"]
    inline = [hashlib.sha256(script.encode()).digest() for script in SCRIPT.findall(answer.text)]
    assert inline
    assert {f"'sha256-{base64.b64encode(each).decode()}'" for each in inline} <= set(policy["script-src"])
    assert "onclick=" not in answer.text
    for directive in ("object-src", "base-uri", "frame-ancestors"):
        assert policy[directive] == ["'none'"]


@pytest.mark.parametrize("path", [path for path in KINDS if not path.startswith("/no/")])
async def test_what_is_no_page_runs_nothing(browser, path):
    answer = await browser.request(KINDS[path][0], path)
    if not answer.headers.get("content-type", "").startswith("text/html"):
        assert directives(answer)["default-src"] == ["'none'"]


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
async def test_built_files_are_kept_for_ever_and_pages_are_asked_for_again(browser, encoding):
    page = await browser.get("/", headers={"Accept-Encoding": "identity"})
    assert page.headers["cache-control"] == "no-cache"
    assets = set(re.findall(r"/assets/[\w.-]+\.(?:js|css)", page.text))
    assert assets
    for asset in sorted(assets)[:5]:
        answer = await browser.head(asset, headers={"Accept-Encoding": encoding})
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_answers_about_people_are_kept_nowhere(browser):
    for path in ("/api/v1/account", "/api/v1/setup", "/api/v1/no-such-thing"):
        assert (await browser.get(path)).headers["cache-control"] == "no-store"
    assert (await browser.post("/auth/sign-out", follow_redirects=False)).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_no_other_site_may_read_an_answer(browser, origin):
    asked = {"Origin": origin, "Access-Control-Request-Method": "GET", "Sec-Fetch-Site": "cross-site"}
    for method, path in (("GET", "/api/v1/setup"), ("OPTIONS", "/api/v1/setup"), ("GET", "/"), ("OPTIONS", "/")):
        answer = await browser.request(method, path, headers=asked)
        assert answer.headers.get("access-control-allow-origin") in {None, ""}


@pytest.mark.parametrize(
    "path",
    [
        "/_upload", "/_upload/x", "/_all_routes", "/docs", "/redoc", "/openapi.json", "/.git/config",
        "/rxconfig.py", "/assets/../../rxconfig.py", "/..%2f..%2frxconfig.py", "/%2e%2e/%2e%2e/etc/passwd",
        "/index.html.map",
    ],
)  # fmt: skip
async def test_nothing_else_is_served(browser, path):
    answer = await browser.get(path)
    assert answer.status_code in {404, 400, 405}


async def test_figures_are_not_for_who_comes_through_a_proxy(browser):
    assert (await browser.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"})).status_code == 404


async def test_no_source_map_is_served(browser):
    page = await browser.get("/")
    for asset in sorted(set(re.findall(r"/assets/[\w.-]+\.js", page.text)))[:5]:
        assert (await browser.get(f"{asset}.map")).status_code == 404
        assert "sourceMappingURL" not in (await browser.get(asset)).text


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser, cast, rest):
    answer = await (await rest(cast.ben)).post("/auth/sign-out", headers={"Sec-Fetch-Site": "same-origin"})
    cookie = answer.headers["set-cookie"].lower()
    for flag in ("httponly", "samesite=lax", "path=/"):
        assert flag in cookie
    assert "domain=" not in cookie
