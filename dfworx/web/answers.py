"""Answers that are no JSON."""

from typing import Any

from starlette.responses import PlainTextResponse


class Markdown(PlainTextResponse):
    """Text in Markdown."""

    media_type = "text/markdown"


MARKDOWN: dict[int | str, dict[str, Any]] = {200: {"description": "Markdown", "content": {"text/markdown": {}}}}
