"""The SQL of what was mailed."""

from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from dfworx.decisions.models_notices import MailedNotice
from dfworx.infra.repository import Repository


class MailedNotices(Repository[MailedNotice]):
    """The notices of the organization; only the system sees them."""

    model = MailedNotice

    async def claim(self, notice: MailedNotice) -> bool:
        """Store it; false where it is there already."""
        statement = insert(MailedNotice).values(notice.model_dump()).on_conflict_do_nothing()
        return await self.tx.scalar(UUID, statement.returning(col(MailedNotice.id))) is not None

    async def give_back(self, notice_id: UUID) -> None:
        """Forget it."""
        await self.tx.run(delete(MailedNotice).where(col(MailedNotice.id) == notice_id))

    async def keep(self, notice_id: UUID) -> None:
        """The server has it."""
        mailed = update(MailedNotice).where(col(MailedNotice.id) == notice_id).values(mailed_at=self.tx.now)
        await self.tx.run(mailed)
