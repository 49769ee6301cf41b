"""Correlation: the id of the request that something goes back to, wherever it goes on."""

from contextvars import ContextVar

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
