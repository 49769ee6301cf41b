"""The doors of the browser app: `@action` marks handlers and turns refusals into toasts, `acting()` opens a transaction."""

import functools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Literal

import reflex as rx

from dfworx.core.actor import Actor
from dfworx.core.errors import Refusal
from dfworx.core.permissions import Role
from dfworx.infra.database import Tx, transaction
from dfworx.ui.effects import toast
from dfworx.ui.identity import caller

log = logging.getLogger(__name__)

Level = Literal["anyone", "person", "member", "admin"]
MARK = "__dfworx_level__"


def reaches(actor: Actor, level: Level) -> bool:
    """Whether the actor may call handlers of this level at all; the rule about the object stays in the service."""
    if level == "anyone":
        return True
    if level == "person":
        return actor.is_person
    if level == "member":
        return actor.is_person and actor.role is not None
    return actor.role in {Role.OWNER, Role.ADMIN}


def action(level: Level, **options: Any) -> Callable[[Callable[..., Awaitable[Any]]], Any]:
    """Let `level` call this handler; what a service refuses is said in a toast, in the refusal's own words."""

    def decorate(handler: Callable[..., Awaitable[Any]]) -> Any:
        @functools.wraps(handler)
        async def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                return await handler(*args, **kwargs)
            except Refusal as refusal:
                return toast(refusal.detail, "error")

        setattr(guarded, MARK, level)
        return rx.event(guarded, **options)  # the one place that may

    return decorate


@asynccontextmanager
async def acting(_state: rx.State) -> AsyncIterator[Tx]:
    """A transaction as the person in this tab, in the organization of its address."""
    async with transaction(caller.get().actor) as tx:
        yield tx
