"""The guard that every event passes: who is it, may they call this handler, does the stored state belong to them."""

import logging
import re
from typing import Any
from uuid import UUID

import reflex as rx
from reflex.app import App
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext
from starlette.types import ASGIApp, Receive, Scope, Send
from uuid6 import uuid7

from dfworx.core import denials
from dfworx.core.actor import NOBODY, Actor
from dfworx.core.correlation import correlation_id
from dfworx.core.denials import Denial
from dfworx.core.errors import Forbidden
from dfworx.infra import metrics
from dfworx.infra.database import eventually
from dfworx.live.hub import hub
from dfworx.ui.doors import named
from dfworx.ui.identity import Caller, caller
from dfworx.ui.levels import MARK, reaches
from dfworx.web import identity

log = logging.getLogger(__name__)
access = logging.getLogger("dfworx.access")

# Reflex's own handlers that a page cannot live without. `setvar`, `update_vars_internal` and the rest are refused.
BUILT_IN = frozenset({"hydrate_and_load", "on_load_internal", "set_is_hydrated"})
REPORTS = frozenset({"handle_frontend_exception"})  # refused as well, but pages send them by themselves: nobody tried
ORGANIZATION = re.compile(r"^/o/([a-z0-9-]{1,80})(?:/|$|\?|#)")


class Guard(Middleware):
    """Default deny: a handler runs only if it is marked and its level admits the actor of this very event."""

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:  # noqa: ARG002 - Reflex's signature
        """Identify the caller; a refused event ends here without running."""
        correlation_id.set(uuid7().hex)  # an event is what a request is over REST
        known = await identify(state.router_data)
        caller.set(known)
        await belong(state, known.actor)
        handler = RegistrationContext.get().event_handlers[event.name].handler.fn
        if handler.__module__ == "reflex.state" and handler.__name__ in BUILT_IN:
            return None
        level = getattr(handler, MARK, None)
        if level is None or not reaches(known.actor, level):
            log.warning("refused: %s for %s", event.name, known.actor.user_id or "nobody")
            if handler.__name__ not in REPORTS:
                denials.tell(Forbidden(), Denial("forbidden", named(handler), known.actor), changes=True)
            return StateUpdate()
        _say(handler, known)
        return None


def _say(handler: Any, known: Caller) -> None:
    """A line of the log, as for a request."""
    found = ORGANIZATION.match(known.path)
    ids = {"user_id": known.actor.user_id, "organization_id": known.actor.organization_id}
    facts = {name: str(value) for name, value in ids.items() if value is not None}
    name = named(handler)
    metrics.EVENTS.labels(name).inc()
    access.info("EVENT %s", name, extra={"method": "EVENT", "route": name, "organization": found and found[1], **facts})


async def identify(data: dict[str, Any]) -> Caller:
    """The actor of an event: session from the handshake's verified cookie, organization from the page's address."""
    key, _, session = str(data.get("headers", {}).get("authorization", "")).partition(" ")
    path = str(data.get("asPath") or data.get("pathname") or "/")
    found = ORGANIZATION.match(path)
    actor = NOBODY
    if session:
        slug = found.group(1) if found else None
        actor = await eventually(lambda: identity.resolver(UUID(session), slug))
    socket = hub.arrive(key, str(data.get("sid", "")), actor) if key else None
    return Caller(actor, socket, path)


class Owner(rx.State):
    """Who the stored state of this tab belongs to."""

    _owner: str = ""


async def belong(state: BaseState, actor: Actor) -> None:
    """Throw the stored state away when somebody else comes with the tab's token."""
    root = state._get_root_state()  # noqa: SLF001 - Reflex offers no public name
    owner: Any = await root.get_state(Owner)
    who = str(actor.user_id or "")
    if owner._owner != who:  # noqa: SLF001 - underscored so that Reflex never sends it
        router_data = root.router_data
        root.reset()  # type: ignore[no-untyped-call]  # Reflex does not type it
        root.router_data = router_data
        owner._owner = who  # noqa: SLF001 - underscored, as above


class SocketIdentity:
    """Turns the cookie of a socket's handshake into an opaque id, so that no secret reaches Reflex's state or logs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Verify once at the handshake; the session itself is looked at again at every event."""
        if scope["type"] != "websocket" or not scope["path"].startswith("/_event"):
            await self.app(scope, receive, send)
            return
        key = uuid7().hex
        session = identity.session_of(scope)
        headers = [(n, v) for n, v in scope["headers"] if n not in {b"cookie", b"authorization"}]
        value = f"{key} {session or ''}".strip().encode()
        try:
            await self.app({**scope, "headers": [*headers, (b"authorization", value)]}, receive, send)
        finally:
            hub.depart(key)
