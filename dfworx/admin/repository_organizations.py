"""Organizations and invitations across the server, by the database's own functions, which look who asks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dfworx.admin.repository_accounts import Before
from dfworx.core.texts import words_of
from dfworx.infra.database import Tx
from dfworx.organizations.errors import LastOwner

ORGANIZATIONS = text(
    """select * from dfworx.admin_organizations(cast(:one as uuid), cast(:words as text[]), cast(:after as uuid),
         :most)"""
)
RENAME = text("select dfworx.admin_rename_organization(:organization, :name)")
SET_ROLE = text("select * from dfworx.admin_set_role(:member, :role)")
INVITATIONS = text(
    """select * from dfworx.admin_invitations(cast(:within as uuid), cast(:one as uuid), cast(:standing as text),
         cast(:before_at as timestamptz), cast(:before_id as uuid), :most)"""
)
REVOKE = text("select dfworx.admin_revoke_invitation(:invitation)")
NO_OWNER_LEFT = "DF001"  # raised by the trigger keep_an_owner


class AllOrganizations:
    """Every organization."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx

    async def page(self, words: str, after: UUID | None, size: int) -> Sequence[Any]:
        """By name, from behind one on."""
        values = {"one": None, "words": words_of(words), "after": after, "most": size}
        return await self.tx.rows(ORGANIZATIONS, values)

    async def find(self, organization_id: UUID) -> Any | None:
        """One of them."""
        values = {"one": organization_id, "words": [], "after": None, "most": 1}
        return (await self.tx.run(ORGANIZATIONS, values)).one_or_none()

    async def rename(self, organization_id: UUID, name: str) -> str | None:
        """Another name; gives the one that it had, None where there is none."""
        return await self.tx.scalar(str, RENAME, {"organization": organization_id, "name": name})

    async def set_role(self, membership_id: UUID, role: str) -> Any | None:
        """Another role for a member; an organization keeps an owner."""
        try:
            return (await self.tx.run(SET_ROLE, {"member": membership_id, "role": role})).one_or_none()
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == NO_OWNER_LEFT:
                raise LastOwner from None
            raise


class AllInvitations:
    """The invitations of every organization, or of one."""

    def __init__(self, tx: Tx, within: UUID | None) -> None:
        self.tx, self.within = tx, within

    async def page(self, standing: str | None, before: Before, size: int) -> Sequence[Any]:
        """The newest first."""
        return await self._ask(standing=standing, before=before, most=size)

    async def find(self, invitation_id: UUID) -> Any | None:
        """One of them."""
        return next(iter(await self._ask(one=invitation_id, most=1)), None)

    async def revoke(self, invitation_id: UUID) -> bool:
        """Make a link useless; gives whether it was of use."""
        return bool(await self.tx.scalar(bool, REVOKE, {"invitation": invitation_id}))

    async def _ask(self, before: Before = None, **values: Any) -> Sequence[Any]:
        at, id_ = before or (None, None)
        nothing = {"within": self.within, "one": None, "standing": None, "before_at": at, "before_id": id_}
        return await self.tx.rows(INVITATIONS, nothing | values)
