"""Answers that are no JSON."""

from typing import Any

from starlette.responses import PlainTextResponse, Response


class Markdown(PlainTextResponse):
    """Text in Markdown."""

    media_type = "text/markdown"


class Picture(PlainTextResponse):
    """A picture as SVG."""

    media_type = "image/svg+xml"


PICTURE: dict[int | str, dict[str, Any]] = {200: {"description": "SVG", "content": {"image/svg+xml": {}}}}


class Packed(Response):
    """Files in a zip."""

    media_type = "application/zip"


ZIP: dict[int | str, dict[str, Any]] = {200: {"description": "A zip", "content": {"application/zip": {}}}}
MARKDOWN: dict[int | str, dict[str, Any]] = {200: {"description": "Markdown", "content": {"text/markdown": {}}}}
