"""Questions that the ground asks and a slice answers; a composition root brings the two together."""

from typing import Protocol
from uuid import UUID

from dfworx.core.actor import Actor


class ActorResolver(Protocol):
    """Who is this? A session and the address's organization, to an actor with a role read anew."""

    async def __call__(self, session_id: UUID | None, organization_slug: str | None) -> Actor:
        """The actor; nobody for a dead session, no role for a stranger to the organization."""
        ...
