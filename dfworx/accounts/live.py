"""The rooms of a person and of a session: own pages on every device, and the tabs that end with a session."""

from typing import Protocol
from uuid import UUID

from dfworx.accounts.events import PresenceChanged, SessionRevoked, TokenRevoked
from dfworx.core.errors import NotFound
from dfworx.infra.database import Tx
from dfworx.live.hub import Hub
from dfworx.live.rooms import admits, wishes


@wishes
async def of_page(tx: Tx, _path: str) -> set[str]:
    """Every page of a person wants what concerns them, and the end of their session."""
    return {f"user:{tx.actor.user_id}", f"session:{tx.actor.session_id}"}


@admits("user")
async def is_me(tx: Tx, user_id: UUID) -> str:
    """Nobody listens to somebody else's."""
    if tx.actor.user_id != user_id:
        raise NotFound
    return ""


@admits("session")
async def is_mine(tx: Tx, session_id: UUID) -> str:
    """Only the session itself."""
    if tx.actor.session_id != session_id:
        raise NotFound
    return ""


async def hide(hub: Hub, event: PresenceChanged) -> None:
    """Whoever hides is not seen from now on; whoever shows again is, from their next page on."""
    for socket in list(hub.rooms.get(f"user:{event.user_id}", ())) if not event.is_shown else ():
        hub.leave(socket, f"present:{socket.actor.membership_id}")


async def end(hub: Hub, event: SessionRevoked) -> None:
    """The tabs of a session that ended load anew, and find nobody signed in."""
    await hub.reload(f"session:{event.session_id}")


class OfPerson(Protocol):
    """An event after which a person's tabs stand anew."""

    user_id: UUID


async def end_all(hub: Hub, event: OfPerson) -> None:
    """All tabs of a person load anew; those of the session that was kept come back as they were."""
    await hub.reload(f"user:{event.user_id}")


async def end_token(hub: Hub, event: TokenRevoked) -> None:
    """The sockets of scripts that showed a token which ended are closed."""
    await hub.reload(f"token:{event.token_id}")
