"""Scripts on the live layer: a plain WebSocket with JSON, by the rules of pages; docs/api.md has its words."""

import asyncio
import logging
from collections.abc import Collection
from typing import Any

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from dfworx.core.errors import TooMany
from dfworx.core.ids import new_id
from dfworx.infra.settings import settings
from dfworx.live.frames import Frame
from dfworx.live.hub import hub
from dfworx.live.script import (
    FAILED,
    NO_ORGANIZATION,
    SIGNED_OUT,
    STAND_ANEW,
    TOO_MUCH,
    Closed,
    Script,
    close,
    received,
    stay_in_touch,
)
from dfworx.web import identity, limits

log = logging.getLogger(__name__)

router = APIRouter()

PATIENCE = 10.0  # seconds for the first token
MOMENT = 0.005  # seconds: much at once must not look like reading too slowly
MOST_SOCKETS = 20  # of one person, in this process


class ScriptWire:
    """Carries frames to the scripts of this process; whoever is no script is not known here."""

    def __init__(self) -> None:
        self.scripts: dict[str, Script] = {}

    async def send(self, sids: Collection[str], frame: Frame) -> None:
        """Deliver one frame to those of them that are scripts; waits for none, but a moment when one is behind."""
        those = self._those(sids)
        for script in those:
            script.hear(frame)
        if any(script.is_behind for script in those):
            await asyncio.sleep(MOMENT)

    async def reload(self, sids: Collection[str]) -> None:
        """They have to connect again: who they are has changed, or has ended."""
        for script in self._those(sids):
            try:
                await script.look()
            except Closed as closed:
                script.end(closed.code, closed.reason)
            except Exception:
                log.exception("a script could not be looked at; it connects again")
            script.end(STAND_ANEW, "connect again")

    def _those(self, sids: Collection[str]) -> list[Script]:
        return [self.scripts[sid] for sid in self.scripts.keys() & set(sids)] if self.scripts else []


wire = ScriptWire()
hub.scripts = wire


@router.websocket("/live")
async def live(web: WebSocket, organization: str = "") -> None:
    """Follow threads, channels and the organization of `?organization=`."""
    origin = web.headers.get("origin")
    if origin is not None and origin not in settings().origins:
        await web.close()  # before it was accepted: the answer is 403
        return
    await web.accept()
    try:
        script = await _admitted(web, organization)
    except Closed as closed:
        await close(web, closed)
    except TooMany as refusal:
        await close(web, Closed(TOO_MUCH, refusal.detail))
    except WebSocketDisconnect:
        return
    else:
        await _converse(script)


async def _admitted(web: WebSocket, slug: str) -> Script:
    """Who it is: by the header, else by the first message."""
    await limits.spend_request(web)
    bearer = identity.bearer_of(web)
    if bearer is None:
        try:
            async with asyncio.timeout(PATIENCE):
                bearer = (await received(web)).token
        except TimeoutError:
            raise Closed(SIGNED_OUT, "no token came") from None
    claims = identity.claims_by(bearer or "")
    actor = await identity.actor_by(claims, slug)
    if claims is None or not actor.is_person:
        raise Closed(SIGNED_OUT, "the token is not known, or has ended")
    if actor.role is None:
        raise Closed(NO_ORGANIZATION, "name an organization of yours: ?organization=")
    if sum(each.socket.actor.user_id == actor.user_id for each in wire.scripts.values()) >= MOST_SOCKETS:
        raise Closed(TOO_MUCH, f"one person has {MOST_SOCKETS} sockets at most")
    key = new_id().hex
    socket = hub.arrive(key, key, actor)
    heard = socket.heard = set()
    stay_in_touch(socket, claims, actor.token_id)
    script = wire.scripts[key] = Script(web, claims, slug, socket, heard)
    return script


async def _converse(script: Script) -> None:
    tasks: list[asyncio.Future[Any]] = [script.ending]
    ended: BaseException | None = None
    try:
        await script.say(type="ready", expires_at=script.claims.ends_at or None)
        tasks += [asyncio.ensure_future(each()) for each in (script.listen, script.tell, script.watch)]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        ended = script.ending.result() if script.ending in done else done.pop().exception()
    except (Closed, WebSocketDisconnect) as left:
        ended = left
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)  # nobody may be receiving when it is closed
        wire.scripts.pop(script.socket.key, None)
        hub.depart(script.socket.key)
    if isinstance(ended, Closed):
        await close(script.web, ended)
    elif ended is not None and not isinstance(ended, WebSocketDisconnect):
        await close(script.web, Closed(FAILED, "something went wrong on our side"))
        raise ended
