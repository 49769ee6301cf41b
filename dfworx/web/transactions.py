"""The transaction of a request: opened as its actor, committed before the answer leaves, undone by any error."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Path, Request

from dfworx.core.actor import Actor
from dfworx.infra.database import Tx, transaction
from dfworx.web import identity, limits

Slug = Annotated[str, Path(description="The organization's name in addresses.", examples=["acme-robotics"])]


async def _anybody(request: Request) -> Actor:
    await limits.spend_request(request)
    return await identity.actor_of(request)


async def _person(request: Request) -> Actor:
    actor = await _anybody(request)
    _ = actor.person
    return actor


async def _member(request: Request, organization: Slug) -> Actor:
    await limits.spend_request(request)
    actor = await identity.actor_of(request, organization)
    _ = actor.organization
    return actor


async def _as_anybody(actor: Annotated[Actor, Depends(_anybody)]) -> AsyncIterator[Tx]:
    async with transaction(actor) as tx:
        yield tx


async def _as_person(actor: Annotated[Actor, Depends(_person)]) -> AsyncIterator[Tx]:
    async with transaction(actor) as tx:
        yield tx


async def _as_member(actor: Annotated[Actor, Depends(_member)]) -> AsyncIterator[Tx]:
    async with transaction(actor) as tx:
        yield tx


# scope="function" ends the dependency, and so commits, before the response is sent; a test holds FastAPI to it.
InTx = Annotated[Tx, Depends(_as_member, scope="function")]
PersonTx = Annotated[Tx, Depends(_as_person, scope="function")]
AnyTx = Annotated[Tx, Depends(_as_anybody, scope="function")]

# For verbs that open their transactions themselves, because something slow happens between two of them.
Anybody = Annotated[Actor, Depends(_anybody)]
Person = Annotated[Actor, Depends(_person)]
Member = Annotated[Actor, Depends(_member)]
