"""The room of an organization: what every member sees. Guests see only the channels that they were added to."""

from uuid import UUID

from dfworx.accounts import service as accounts
from dfworx.core.errors import NotFound
from dfworx.core.permissions import Role
from dfworx.infra.database import Tx
from dfworx.live.hub import Hub
from dfworx.live.rooms import admits, wishes
from dfworx.organizations.events import MemberLeft, MemberRemoved, RoleChanged


@wishes
async def of_page(tx: Tx, _path: str) -> set[str]:
    """Every page of an organization wants its room."""
    return {f"organization:{tx.actor.organization_id}"} if tx.actor.role else set()


@wishes
async def of_who_is_here(tx: Tx, _path: str) -> set[str]:
    """Whoever does not hide it is seen to be online."""
    is_shown = tx.actor.role is not None and (await accounts.get(tx)).shows_presence
    return {f"present:{tx.actor.membership_id}"} if is_shown else set()


@admits("present")
async def is_me(tx: Tx, membership_id: UUID) -> str:
    """Nobody is online for somebody else."""
    if tx.actor.membership_id != membership_id:
        raise NotFound
    return ""


@admits("organization")
async def may_listen(tx: Tx, organization_id: UUID) -> str:
    """Members, guests apart."""
    if tx.actor.organization != organization_id or tx.actor.role is Role.GUEST:
        raise NotFound
    return str(organization_id)


async def stand_anew(hub: Hub, event: RoleChanged | MemberRemoved | MemberLeft) -> None:
    """A person's standing has changed: their pages load anew, with the rooms that they may be in now."""
    await hub.reload(f"user:{event.member.user_id}")
