"""The doors of the browser app: `@action` marks handlers, refusals become toasts, `acting()` opens a transaction."""

import functools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import reflex as rx

from dfworx.core import denials
from dfworx.core.denials import Denial
from dfworx.core.errors import Refusal
from dfworx.infra.database import Tx, eventually, transaction
from dfworx.ui.effects import toast
from dfworx.ui.identity import caller
from dfworx.ui.levels import Level, marked

log = logging.getLogger(__name__)


def action(level: Level, **options: Any) -> Callable[[Callable[..., Awaitable[Any]]], Any]:
    """Let `level` call this handler; what a service refuses is said in a toast, in the refusal's own words."""

    def decorate(handler: Callable[..., Awaitable[Any]]) -> Any:
        @functools.wraps(handler)
        async def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                return await handler(*args, **kwargs)
            except Refusal as refusal:
                here = caller.get()
                denial = Denial(refusal.type(), named(handler), here.actor, about=refusal.about)
                denials.tell(refusal, denial, changes=False)
                return toast(refusal.detail, "error")

        return rx.event(marked(level)(guarded), **options)  # the one place that may

    return decorate


def named(handler: Callable[..., Any]) -> str:
    """A handler as the log, the figures and the audit call it."""
    return f"{handler.__module__.removeprefix('dfworx.')}.{handler.__qualname__}"


@asynccontextmanager
async def acting(_state: rx.State) -> AsyncIterator[Tx]:
    """A transaction as the person in this tab, in the organization of its address."""
    async with AsyncExitStack() as stack:
        yield await eventually(lambda: stack.enter_async_context(transaction(caller.get().actor)))
