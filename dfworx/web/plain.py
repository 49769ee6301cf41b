"""Plain pages: what can be read without JavaScript, at the addresses of the app with `?plain=1` behind them.

A page of the app leads there by itself where no script runs (`NOSCRIPT`). They read, and change nothing.
"""

import re
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from dfworx.core.errors import Refusal, Unauthenticated
from dfworx.web.forms import local, see

PACKAGE = Path(__file__).parents[1]
TOKENS = PACKAGE.parent / "assets" / "tokens.css"
NAME = "plain"
NOSCRIPT = f"0; url=?{NAME}=1"  # what a page says to browsers without scripts, as `http-equiv="refresh"`
PLACE = re.compile(r"/o/([^/]+)")

pages = Environment(
    loader=FileSystemLoader(PACKAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
pages.filters["day"] = lambda moment: f"{moment:%-d %B %Y}" if moment else ""
pages.filters["words"] = lambda status: status.replace("_", " ")


class PlainRoute(APIRoute):
    """Answers only where the plain page is asked for; all else goes on to the app."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """No match without the query; built pages are at addresses that end with a slash, too."""
        path = scope["path"].rstrip("/") or "/"
        return super().matches({**scope, "path": path}) if _is_asked(scope) else (Match.NONE, {})


def plain_router() -> APIRouter:
    """A router of plain pages."""
    return APIRouter(include_in_schema=False, route_class=PlainRoute)


def is_plain(request: Request) -> bool:
    """Whether a plain page was asked for: refusals are pages, too, then."""
    return isinstance(request.scope.get("route"), PlainRoute)


def shown(request: Request, template: str, title: str, status: int = 200, **values: object) -> HTMLResponse:
    """The page of a template such as `decisions/plain/record.html`; kept nowhere, since it is about people."""
    here = {"path": local(request.url.path) or "/", "slug": request.path_params.get("organization", "")}
    html = pages.get_template(template).render(title=title, style=style(PACKAGE / "web/plain.css"), **here, **values)
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})


def refused(request: Request, refusal: Refusal) -> Response:
    """A refusal as a page; whoever is not signed in comes back here when they are."""
    if isinstance(refusal, Unauthenticated):
        here = f"{request.url.path}?{request.url.query}"
        return see(f"/sign-in?{urlencode({NAME: 1, 'next': here})}")
    return shown(request, "web/plain_refused.html", refusal.title, refusal.status, text=refusal.detail)


@cache
def style(path: Path) -> str:
    """A stylesheet behind the product's tokens, dark where the system is: no script remembers a choice."""
    tokens = re.sub(
        r"\.dark \{(.*?)\n\}",
        r"@media (prefers-color-scheme: dark) { :root {\1\n} }",
        TOKENS.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    return tokens + path.read_text(encoding="utf-8")


def _is_asked(scope: Scope) -> bool:
    return NAME in parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)


router = plain_router()  # the last one: every address that has no plain page


@router.get("/{path:path}")
async def other(request: Request) -> HTMLResponse:
    """What needs a script says so, and where one can read without."""
    place = PLACE.match(request.url.path)
    return shown(request, "web/plain_other.html", "This page needs JavaScript", home=place[0] if place else "")
