"""The SQL of messages."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from dfworx.infra.repository import Repository
from dfworx.messages.models import Message, MessageRevision

_seq, _version = col(Message.seq), col(Message.version)


class Messages(Repository[Message]):
    """The messages that the actor can see."""

    model = Message

    async def insert(self, message: Message) -> bool:
        """Store a new message; false when one with this client key is there already."""
        statement = (
            insert(Message)
            .values(message.model_dump())
            .on_conflict_do_nothing(constraint="messages_organization_id_author_id_client_key_key")
        )
        return (await self.tx.run(statement.returning(col(Message.id)))).scalar() is not None

    async def by_client_key(self, author_id: UUID, client_key: UUID) -> Message:
        """The message that an earlier try stored."""
        query = self.mine().where(col(Message.author_id) == author_id, col(Message.client_key) == client_key)
        return (await self.tx.session.exec(query)).one()

    async def before(self, thread_id: UUID, seq: int, limit: int) -> Sequence[Message]:
        """The `limit` messages just before `seq`, oldest first."""
        newest_first = self._of(thread_id).where(_seq < seq).order_by(_seq.desc()).limit(limit)
        return list(reversed((await self.tx.session.exec(newest_first)).all()))

    async def after(self, thread_id: UUID, seq: int, limit: int) -> Sequence[Message]:
        """The `limit` messages just after `seq`, oldest first."""
        query = self._of(thread_id).where(_seq > seq).order_by(_seq).limit(limit)
        return (await self.tx.session.exec(query)).all()

    async def changed_after(self, thread_id: UUID, version: int, limit: int) -> Sequence[Message]:
        """What was posted, edited or deleted after `version`, in that order."""
        query = self._of(thread_id).where(_version > version).order_by(_version, _seq).limit(limit)
        return (await self.tx.session.exec(query)).all()

    def _of(self, thread_id: UUID) -> SelectOfScalar[Message]:
        return self.mine().where(col(Message.thread_id) == thread_id)


class Revisions(Repository[MessageRevision]):
    """The texts that messages had before."""

    model = MessageRevision

    async def of(self, message_id: UUID) -> Sequence[MessageRevision]:
        """The revisions of a message, oldest first."""
        query = self.mine().where(col(MessageRevision.message_id) == message_id).order_by(col(MessageRevision.number))
        return (await self.tx.session.exec(query)).all()
