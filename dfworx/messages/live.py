"""What open pages hear of messages: the thread's readers the message, everybody else a count."""

from collections.abc import Iterable
from uuid import UUID

from dfworx.infra.database import Tx
from dfworx.live.frames import Addressed, Frame, announces
from dfworx.live.rooms import Missed, remembers
from dfworx.messages import service as messages
from dfworx.messages.events import MessageDeleted, MessageEdited, MessagePosted
from dfworx.messages.views import MessageView


@announces(MessagePosted)
def posted(event: MessagePosted) -> Iterable[Addressed]:
    """The message to its thread; to the other pages of the audience that the thread has grown by one."""
    message = event.message
    thread = f"thread:{message.thread_id}"
    yield Addressed(
        Frame(
            list="messages",
            op="put",
            scope=str(message.thread_id),
            version=message.version,
            item={**message.model_dump(mode="json", exclude_none=True), "place_id": str(event.place_id)},
        ),
        (thread,),
    )
    grown = {"id": str(message.thread_id), "last_seq": message.seq, "last_message_at": message.created_at.isoformat()}
    yield Addressed(
        Frame(
            list="threads", op="patch", scope=str(event.place_id), item={**grown, "author_id": str(message.author_id)}
        ),
        event.audience,
        instead_of=thread,
    )


@announces(MessageEdited, MessageDeleted)
def changed(event: MessageEdited | MessageDeleted) -> Iterable[Addressed]:
    """The message as it is now, to its thread."""
    yield Addressed(_put(event.message), (f"thread:{event.message.thread_id}",))


@remembers("thread")
async def since(tx: Tx, thread_id: UUID, version: int) -> Missed:
    """The messages that changed after a version, in that order."""
    changes = await messages.changes(tx, thread_id, version)
    return Missed([_put(message) for message in changes.items], changes.version, changes.has_more)


def _put(message: MessageView) -> Frame:
    item = message.model_dump(mode="json", exclude_none=True)
    return Frame(list="messages", op="put", scope=str(message.thread_id), version=message.version, item=item)
