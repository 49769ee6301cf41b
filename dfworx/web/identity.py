"""Identity: the session cookie, decided here alone, and the actor behind a request or a socket."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Protocol
from uuid import UUID

import jwt
from fastapi import Depends, Request
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Scope

from dfworx.core import clock
from dfworx.core.actor import Actor, Device
from dfworx.core.ports import ActorResolver
from dfworx.infra.secrets import session_secret
from dfworx.infra.settings import settings

ALGORITHM = "HS256"


class Started(Protocol):
    """What a session needs to be remembered by a browser."""

    @property
    def user_id(self) -> UUID:
        """Whose it is."""
        ...

    @property
    def session_id(self) -> UUID:
        """Which one it is."""
        ...

    @property
    def expires_at(self) -> datetime:
        """When it ends at the latest."""
        ...


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid cookie says; whether the session still lives, only the database knows."""

    user_id: UUID
    session_id: UUID


async def _unset(session_id: UUID | None, organization_slug: str | None) -> Actor:  # noqa: ARG001 - the port's names
    raise RuntimeError("web.identity.resolver is set by a composition root")


resolver: ActorResolver = _unset


def cookie() -> dict[str, Any]:
    """The cookie's name and flags: over https bound to this host and never sent in clear."""
    secure = settings().is_https
    name = "__Host-dfworx" if secure else "dfworx"
    return {"key": name, "path": "/", "secure": secure, "httponly": True, "samesite": "lax"}


def cookie_name() -> str:
    """The cookie's name."""
    return str(cookie()["key"])


def remember(response: Response, session: Started) -> None:
    """Let the browser keep the session."""
    lasting = int((session.expires_at - clock.now()).total_seconds())
    response.set_cookie(value=token(session), max_age=lasting, **cookie())


def forget(response: Response) -> None:
    """Let the browser drop the session, and what pages stored for the person."""
    response.delete_cookie(**cookie())
    response.headers["Clear-Site-Data"] = '"storage"'


def token(session: Started) -> str:
    """The signed name of a session; it ends with the session."""
    claims = {"sub": str(session.user_id), "sid": str(session.session_id), "exp": session.expires_at}
    return jwt.encode(claims, session_secret(settings()), algorithm=ALGORITHM)


def read(signed: str) -> Claims | None:
    """What a token says, if it is ours and has not ended."""
    claims, ends_at = _verified(signed, session_secret(settings()))
    return claims if ends_at > clock.now().timestamp() else None


@lru_cache(maxsize=10_000)
def _verified(signed: str, secret: str) -> tuple[Claims | None, float]:
    """What a token says and when it ends: the same answer for the same bytes, which every request brings anew."""
    try:
        claims = jwt.decode(signed, secret, algorithms=[ALGORITHM], options={"require": ["sub", "sid", "exp"]})
        return Claims(UUID(claims["sub"]), UUID(claims["sid"])), float(claims["exp"])
    except (jwt.InvalidTokenError, ValueError, TypeError):
        return None, 0.0


def claims_of(connection: HTTPConnection) -> Claims | None:
    """What the caller shows: the cookie; a token in `Authorization: Bearer` will be looked for here too."""
    return read(connection.cookies.get(cookie_name(), ""))


def session_of(scope: Scope) -> UUID | None:
    """The session that a request or a socket's handshake shows."""
    claims = claims_of(HTTPConnection(scope))
    return claims.session_id if claims else None


async def actor_of(connection: HTTPConnection, organization: str | None = None) -> Actor:
    """Who sent this, and what they are in the organization."""
    claims = claims_of(connection)
    actor = await resolver(claims.session_id if claims else None, organization)
    connection.scope["dfworx.actor"] = actor  # for the log
    return actor


def address_of(connection: HTTPConnection) -> str:
    """The client's address: behind n trusted proxies the n-th from the right of X-Forwarded-For."""
    direct = connection.client.host if connection.client else "unknown"
    hops = settings().trusted_proxies
    if not hops:
        return direct
    chain = [part.strip() for part in ",".join(connection.headers.getlist("x-forwarded-for")).split(",")]
    named = [part for part in chain if part]
    return named[-min(hops, len(named))] if named else direct


async def _device(request: Request) -> Device:
    return Device(address_of(request), request.headers.get("user-agent", ""))


From = Annotated[Device, Depends(_device)]
