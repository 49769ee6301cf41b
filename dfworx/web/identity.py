"""Identity: the session cookie and bearer tokens, decided here alone, and the actor behind a request or a socket."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
from dfworx.infra.secrets import fingerprint, session_secret
from dfworx.infra.settings import settings
from dfworx.web.scopes import narrowed

ALGORITHM = "HS256"
ACCESS = timedelta(minutes=10)  # what an access token lasts at most
AUDIENCE, KIND = "dfworx-api", "at+jwt"  # a cookie's token has neither, so that none of the two passes for the other
PERSONAL = "dfx_pat_"  # what personal access tokens begin with, so that scanners for secrets find them


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
    """What is shown; whether the session or the personal token still lives, and whose that is, the database knows."""

    user_id: UUID | None = None
    session_id: UUID | None = None
    token: str = ""  # the fingerprint of a personal access token
    ends_at: float = field(default=0.0, compare=False)

    @property
    def shown(self) -> UUID | str:
        """What the database is asked about."""
        return self.session_id or self.token


async def _unset(shown: UUID | str | None, organization_slug: str | None) -> Actor:  # noqa: ARG001 - the port's names
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
    """Let the browser keep the session, in whole minutes: how long the answer took to make is nobody's business."""
    minutes = math.ceil((session.expires_at - clock.now()) / timedelta(minutes=1))
    response.set_cookie(value=token(session), max_age=60 * minutes, **cookie())


def forget(response: Response) -> None:
    """Let the browser drop the session, and what pages stored for the person."""
    response.delete_cookie(**cookie())
    response.headers["Clear-Site-Data"] = '"storage"'


def token(session: Started) -> str:
    """The signed name of a session; it ends with the session."""
    claims = {"sub": str(session.user_id), "sid": str(session.session_id), "exp": session.expires_at}
    return jwt.encode(claims, session_secret(settings()), algorithm=ALGORITHM)


def access_token(session: Started) -> tuple[str, int]:
    """A token for programs, and the seconds that it lasts: ten minutes, and never longer than its session."""
    ends_at = min(clock.now() + ACCESS, session.expires_at)
    claims = {"sub": str(session.user_id), "sid": str(session.session_id), "aud": AUDIENCE, "exp": ends_at}
    signed = jwt.encode(claims, session_secret(settings()), algorithm=ALGORITHM, headers={"typ": KIND})
    return signed, int((ends_at - clock.now()).total_seconds())


def read(signed: str) -> Claims | None:
    """What a cookie's token says, if it is ours and has not ended."""
    return _living(signed, None)


def read_access(signed: str) -> Claims | None:
    """What an access token says, if it is ours and has not ended."""
    return _living(signed, AUDIENCE)


def _living(signed: str, audience: str | None) -> Claims | None:
    claims = _verified(signed, session_secret(settings()), audience)
    return claims if claims and claims.ends_at > clock.now().timestamp() else None


@lru_cache(maxsize=10_000)
def _verified(signed: str, secret: str, audience: str | None) -> Claims | None:
    """What a token says and when it ends: the same answer for the same bytes, which every request brings anew."""
    needed = ["sub", "sid", "exp", *(["aud"] if audience else [])]
    try:
        read = jwt.decode_complete(
            signed, secret, algorithms=[ALGORITHM], audience=audience, options={"require": needed}
        )
        if (read["header"].get("typ") == KIND) is not bool(audience):
            return None
        claims = read["payload"]
        return Claims(UUID(claims["sub"]), UUID(claims["sid"]), ends_at=float(claims["exp"]))
    except (jwt.InvalidTokenError, ValueError, TypeError):
        return None


def bearer_of(connection: HTTPConnection) -> str | None:
    """The token of `Authorization: Bearer`; None without that header."""
    scheme, _, given = connection.headers.get("authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else None


def claims_by(bearer: str) -> Claims | None:
    """What a bearer token says: a personal one nothing by itself, an access token as long as it lasts."""
    return Claims(token=fingerprint(bearer)) if bearer.startswith(PERSONAL) else read_access(bearer)


def claims_of(connection: HTTPConnection) -> Claims | None:
    """What the caller shows: a bearer token, and with one the cookie does not count; else the cookie."""
    bearer = bearer_of(connection)
    return read(connection.cookies.get(cookie_name(), "")) if bearer is None else claims_by(bearer)


def session_of(scope: Scope) -> UUID | None:
    """The session that the handshake of a page's socket shows: by its cookie, pages know no tokens."""
    claims = read(HTTPConnection(scope).cookies.get(cookie_name(), ""))
    return claims.session_id if claims else None


async def actor_of(connection: HTTPConnection, organization: str | None = None) -> Actor:
    """Who sent this, and what they are in the organization."""
    actor = await actor_by(claims_of(connection), organization)
    connection.scope["dfworx.actor"] = actor  # for the log
    return actor


async def actor_by(claims: Claims | None, organization: str | None = None) -> Actor:
    """Who shows this, no more than the scope of a token leaves of them."""
    return narrowed(await resolver(claims.shown if claims else None, organization))


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
