"""Answers that are no JSON."""

from typing import Any

from starlette.responses import PlainTextResponse


class Markdown(PlainTextResponse):
    """Text in Markdown."""

    media_type = "text/markdown"


class Picture(PlainTextResponse):
    """A picture as SVG."""

    media_type = "image/svg+xml"


PICTURE: dict[int | str, dict[str, Any]] = {200: {"description": "SVG", "content": {"image/svg+xml": {}}}}
MARKDOWN: dict[int | str, dict[str, Any]] = {200: {"description": "Markdown", "content": {"text/markdown": {}}}}
