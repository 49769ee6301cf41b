"""Queries that take too long are lines of the log, with the id of their request and without their values."""

import logging
import time
from typing import Any

from sqlalchemy import Engine, event

from dfworx.infra import metrics
from dfworx.infra.settings import settings

log = logging.getLogger(__name__)


def watch(engine: Engine) -> None:
    """Look at how long each query of an engine takes."""
    event.listen(engine, "before_cursor_execute", _begin)
    event.listen(engine, "after_cursor_execute", _end)


def _begin(_connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool) -> None:  # noqa: FBT001  # SQLAlchemy calls it by position
    context.dfworx_begun = time.perf_counter()


def _end(_connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool) -> None:  # noqa: FBT001  # as above
    seconds = time.perf_counter() - context.dfworx_begun
    if seconds * 1000 > settings().slow_query_ms:
        metrics.SLOW_QUERIES.inc()
        log.warning("a slow query", extra={"ms": round(seconds * 1000), "statement": " ".join(statement.split())})
