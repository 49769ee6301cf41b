"""The REST API and the native forms as one FastAPI application; runs inside the browser app's server, or alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.routing import Match, Mount

from dfworx import __version__, wiring
from dfworx.accounts import router as accounts
from dfworx.accounts import router_plain as signing_in_plain
from dfworx.accounts import router_tokens as tokens
from dfworx.admin import router_attention as admin_attention
from dfworx.admin import router_figures as admin_figures
from dfworx.admin import router_health as admin_health
from dfworx.admin import router_jobs as admin_jobs
from dfworx.admin import router_organizations as admin_organizations
from dfworx.admin import router_people as admin_people
from dfworx.admin import router_rules as admin_rules
from dfworx.admin import router_settings as admin_settings
from dfworx.audit import router as audit_router
from dfworx.audit import service as audit
from dfworx.channels import router as channels
from dfworx.core.errors import NotFound
from dfworx.decisions import router as decisions
from dfworx.decisions import router_concerns as concerns
from dfworx.decisions import router_plain as decisions_plain
from dfworx.decisions import router_templates as templates
from dfworx.imports import router as imports
from dfworx.imports import router_adr as records
from dfworx.imports import router_references as references
from dfworx.imports import service_files as archives
from dfworx.imports.service_adr import MOST_BYTES as MOST_RECORDS
from dfworx.infra import changed_settings, logs, metrics, valkey
from dfworx.infra.database import dispose
from dfworx.live import scripts
from dfworx.live.hub import hub
from dfworx.live.valkey_bus import ValkeyBus
from dfworx.messages import router as messages
from dfworx.organizations import router as organizations
from dfworx.organizations import router_plain as organizations_plain
from dfworx.palette import router as palette
from dfworx.tags import router as tags
from dfworx.threads import router as threads
from dfworx.web import access, bodies, correlation, headers, health, leaving, origin, plain, problems, reference
from dfworx.web import metrics as figures
from dfworx.wiring import wire

MOST_BYTES = 1_000_000
UPLOADS = {  # archives are larger
    r"/api/v1/organizations/[^/]+/imports": archives.most_bytes,
    r"/api/v1/organizations/[^/]+/decisions/import": lambda: MOST_RECORDS,
}
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]

# Every slice's REST routes, below /api/v1, and the browser's native forms, below /auth.
ROUTERS: list[APIRouter] = [
    accounts.router,
    tokens.router,
    organizations.router,
    tags.router,
    channels.router,
    threads.router,
    messages.router,
    decisions.router,
    concerns.router,
    templates.router,
    palette.router,
    audit_router.router,
    admin_people.router,
    admin_organizations.router,
    admin_rules.router,
    admin_attention.router,
    admin_figures.router,
    admin_health.router,
    admin_jobs.router,
    admin_settings.router,
    imports.router,
    records.router,
    references.router,
]
FORMS: list[APIRouter] = [accounts.forms, organizations.forms]
# What can be read without JavaScript, at the addresses of the app.
PLAIN: list[APIRouter] = [signing_in_plain.router, organizations_plain.router, decisions_plain.router, plain.router]

# What the operations are about, in the order in which the reference shows them.
TAGS = {
    "tokens": "What scripts show in place of a cookie.",
    "account": "Your name, your password, and where you are signed in.",
    "organizations": "Organizations, their members and invitations, and the first account.",
    "tags": "Names with a color, to put on threads and decisions.",
    "channels": "Where threads are, and who sees them.",
    "threads": "Conversations, and what is unread in them.",
    "messages": "What is said in threads.",
    "decisions": "Numbered records: who agreed, who did not, and why.",
    "palette": "Everything by parts of its name.",
    "audit": "Who did what.",
    "admin": "For administrators of an organization, and of the server.",
    "imports": "Archives of other products, and what references in texts lead to.",
    "health": "Whether the server answers.",
}


def create_api() -> FastAPI:
    """The application: `granian --interface asgi --factory dfworx.api:create_api` serves it alone."""
    wire()
    logs.configure()
    app = FastAPI(
        title="DFWorX",
        version=__version__,
        summary="Discuss, decide, publish.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=_alone,
        responses=problems.DOCUMENTED,
        openapi_tags=[{"name": name, "description": text} for name, text in TAGS.items()],
    )
    problems.install(app)
    problems.describe(app)
    app.include_router(health.router)
    app.include_router(figures.router)
    app.include_router(reference.router)
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
    for form in FORMS:
        app.include_router(form)
    app.include_router(scripts.router, prefix="/api/v1")
    app.add_api_route("/api/{path:path}", _unknown, methods=METHODS, include_in_schema=False)
    for pages in PLAIN:
        app.include_router(pages)
    # The last one added is the outermost: every answer, a failure's too, gets its id and its headers.
    app.add_middleware(bodies.BodyLimit, most=MOST_BYTES, larger=UPLOADS)
    app.add_middleware(problems.Failures)
    app.add_middleware(origin.SameOrigin)
    app.add_middleware(leaving.Leaving)
    app.add_middleware(access.Access)
    app.add_middleware(correlation.Correlation)
    app.add_middleware(headers.SecurityHeaders)
    return app


@asynccontextmanager
async def _alone(_app: FastAPI) -> AsyncIterator[None]:
    """What goes on beside answering when REST is served alone; around the browser app Starlette never comes here."""
    forever = (audit.keeper.keep(), changed_settings.keep_fresh(), metrics.keep_fresh(), hub.deliver_forever())
    tasks = [asyncio.create_task(each) for each in forever]
    if isinstance(wiring.bus, ValkeyBus):
        tasks.append(asyncio.create_task(wiring.bus.run()))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await valkey.dispose()
        await dispose()


async def _unknown(request: Request) -> None:
    """An unknown address of the API, or a known one with another method."""
    pages = [route for route in request.app.routes if isinstance(route, Mount)]  # the browser app: it takes any address
    known = [r for r in request.app.routes if r not in pages and getattr(r, "endpoint", None) is not _unknown]
    scope = {**request.scope, "query_string": b""}  # no plain page is meant
    takes = [
        method
        for method in METHODS
        if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in known)
    ]
    raise problems.MethodNotAllowed(takes) if takes else NotFound
