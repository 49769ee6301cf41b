"""The scope of an admin verb: the organization that is acted in, or the whole server."""

from uuid import UUID

from dfworx.core.permissions import ServerVerb, Verb
from dfworx.infra.database import Tx


def scope(tx: Tx, inside: Verb, on_server: ServerVerb) -> UUID | None:
    """The organization of the address for its administrators; None, all of them, for server admins."""
    if tx.actor.organization_id is not None:
        tx.actor.must(inside)
        return tx.actor.organization
    tx.actor.must_on_server(on_server)
    return None
