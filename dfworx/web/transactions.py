"""The transaction of a request: opened as its actor, committed before the answer leaves, undone by any error."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Path, Request

from dfworx.core.actor import Actor
from dfworx.infra.database import Tx, transaction
from dfworx.web import identity, limits, scopes

Slug = Annotated[str, Path(description="The organization's name in addresses.", examples=["acme-robotics"])]


async def _caller(request: Request, organization: str | None = None) -> Actor:
    await limits.spend_request(request)
    actor = await identity.actor_of(request, organization)
    if actor.token_id is not None:
        await limits.spend_for(request, actor.person)
        scopes.must_allow(actor, request.method, organization)
    return actor


async def _anybody(request: Request) -> Actor:
    return await _caller(request)


async def _person(request: Request) -> Actor:
    actor = await _caller(request)
    _ = actor.person
    return actor


async def _in_session(person: Annotated[Actor, Depends(_person)]) -> Actor:
    scopes.must_be_a_session(person)
    return person


async def _member(request: Request, organization: Slug) -> Actor:
    actor = await _caller(request, organization)
    _ = actor.organization
    return actor


async def _as_anybody(actor: Annotated[Actor, Depends(_anybody)]) -> AsyncIterator[Tx]:
    async with transaction(actor) as tx:
        yield tx


async def _as_person(actor: Annotated[Actor, Depends(_person)]) -> AsyncIterator[Tx]:
    async with transaction(actor) as tx:
        yield tx


async def _as_in_session(actor: Annotated[Actor, Depends(_in_session)]) -> AsyncIterator[Tx]:
    async with transaction(actor) as tx:
        yield tx


async def _as_member(actor: Annotated[Actor, Depends(_member)]) -> AsyncIterator[Tx]:
    async with transaction(actor) as tx:
        yield tx


# scope="function" ends the dependency, and so commits, before the response is sent; a test holds FastAPI to it.
InTx = Annotated[Tx, Depends(_as_member, scope="function")]
PersonTx = Annotated[Tx, Depends(_as_person, scope="function")]
SessionTx = Annotated[Tx, Depends(_as_in_session, scope="function")]  # a person, and by no personal access token
AnyTx = Annotated[Tx, Depends(_as_anybody, scope="function")]

# For verbs that open their transactions themselves, because something slow happens between two of them.
Anybody = Annotated[Actor, Depends(_anybody)]
Person = Annotated[Actor, Depends(_person)]
Member = Annotated[Actor, Depends(_member)]
InSession = Annotated[Actor, Depends(_in_session)]
