"""Security and cache headers of every response: the API, pages, files and errors."""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dfworx.infra.settings import settings

BUILD = Path(".web/build/client")
INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc\s*=)[^>]*>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)

FOR_DATA = "default-src 'none'; frame-ancestors 'none'"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
PRIVATE = ("/api", "/auth", "/metrics")


def script_hashes(build: Path) -> list[str]:
    """The CSP hashes of all inline scripts in the pages of a build."""
    scripts = {script for page in sorted(build.rglob("*.html")) for script in INLINE_SCRIPT.findall(page.read_bytes())}
    return sorted(f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" for script in scripts)


def policy(hashes: Iterable[str]) -> str:
    """The strictest policy that a page of ours works under: its own inline scripts, by hash, and what they load."""
    socket = settings().origin.replace("http", "ws", 1)
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'strict-dynamic' {' '.join(hashes)}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' {socket}",  # older Safari does not take the socket for 'self'
            "worker-src 'self'",
            "manifest-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ]
    )


class SecurityHeaders:
    """Adds what browsers need to defend the workspace, and what caches may keep."""

    def __init__(self, app: ASGIApp, build: Path = BUILD) -> None:
        self.app = app
        self.page_policy = cache(lambda: policy(script_hashes(build)))  # at the first page: the build may come later

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; complete the headers of HTTP responses."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(MutableHeaders(scope=message), scope["path"], message["status"])
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _complete(self, headers: MutableHeaders, path: str, status: int) -> None:
        is_page = headers.get("content-type", "").startswith("text/html")
        for name, value in ALWAYS.items():
            headers[name] = value
        if status != 304:  # noqa: PLR2004 - it would replace the policy of the page in the browser's cache
            headers["Content-Security-Policy"] = self.page_policy() if is_page else FOR_DATA
        if settings().is_https:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        headers.setdefault("Cache-Control", caching(path, status))


def caching(path: str, status: int) -> str:
    """How long the answer of a path may be kept: built files forever, answers about people never."""
    if path.startswith(PRIVATE):
        return "no-store"
    if path.startswith("/assets/"):
        return "public, max-age=31536000, immutable" if status in {200, 206, 304} else "no-store"
    return "no-cache"
