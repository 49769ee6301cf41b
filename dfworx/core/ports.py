"""Questions that the ground asks and a slice answers; a composition root brings the two together."""

from typing import Protocol
from uuid import UUID

from dfworx.core.actor import Actor


class ActorResolver(Protocol):
    """Who is this? What they show and the address's organization, to an actor with a role read anew."""

    async def __call__(self, shown: UUID | str | None, organization_slug: str | None) -> Actor:
        """The actor of a session, or of a personal access token (by its fingerprint).

        Nobody for what has ended, no role for a stranger to the organization.
        """
        ...
