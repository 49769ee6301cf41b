"""Templates: the few names that the many addresses have."""

from starlette.routing import Mount
from starlette.types import Scope

FILES, REST = "/assets/", "/api/v1"  # a route does not know where it was included


def template(scope: Scope) -> str:
    """The route's template: few names, however many addresses there are."""
    path, route = scope["path"], scope.get("route")
    declared = "" if route is None or isinstance(route, Mount) else str(getattr(route, "path", ""))
    if path.startswith(REST):
        return declared if declared.startswith("/api") else REST + (declared or "/(other)")
    if scope["type"] == "websocket":
        return declared or "/_event"
    return declared or ("/assets/{file}" if path.startswith(FILES) else "(page)")
