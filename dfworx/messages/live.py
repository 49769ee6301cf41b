"""What open pages hear of messages: the thread's readers the message, everybody else a count."""

from collections.abc import Iterable

from dfworx.live.frames import Addressed, Frame, announces
from dfworx.messages.events import MessageDeleted, MessageEdited, MessagePosted


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
    message = event.message
    frame = Frame(
        list="messages",
        op="put",
        scope=str(message.thread_id),
        version=message.version,
        item=message.model_dump(mode="json", exclude_none=True),
    )
    yield Addressed(frame, (f"thread:{message.thread_id}",))
