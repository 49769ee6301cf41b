"""What the workspace notes in a thread: who renamed, moved, resolved or reopened it."""

from html import escape

from dfworx.core import ids
from dfworx.infra.database import Tx
from dfworx.messages.events import MessagePosted
from dfworx.messages.models import Kind, Message
from dfworx.messages.repository import Messages
from dfworx.messages.views import MessageView
from dfworx.organizations.views import AuthorView
from dfworx.threads import service as threads
from dfworx.threads import service_reading as reading
from dfworx.threads.events import ThreadClosed, ThreadMoved, ThreadRenamed, ThreadReopened

Noted = ThreadRenamed | ThreadMoved | ThreadClosed | ThreadReopened


async def note(tx: Tx, event: Noted) -> None:
    """Say in the thread what was done to it, in the name of whoever did it; the system's own doings are not noted."""
    if tx.actor.membership_id is None or (isinstance(event, ThreadRenamed) and event.is_following):
        return
    position = await threads.advance(tx, event.thread.id)
    text = sentence(event)
    message = Message(
        organization_id=tx.actor.organization,
        thread_id=event.thread.id,
        author_id=tx.actor.membership_id,
        kind=Kind.SYSTEM,
        seq=position.seq,
        version=position.version,
        client_key=ids.new_id(),
        source=text,
        html=f"<p>{escape(text)}</p>",
        created_at=tx.now,
    )
    await Messages(tx).insert(message)
    await reading.read_along(tx, position)
    view = MessageView.of(message, AuthorView(id=message.author_id, name=tx.actor.name))
    tx.emit(MessagePosted(message=view, place_id=position.place_id, audience=position.audience))


def sentence(event: Noted) -> str:
    """What happened, as it goes on after a name. The name of a private channel is nobody's business elsewhere."""
    match event:
        case ThreadRenamed(was=was, thread=thread):
            return f"renamed this thread from “{was}” to “{thread.title}”"
        case ThreadMoved(source=source, target=target) if source.is_open or source.id == target.id:
            return f"moved this thread from #{source.name} to #{target.name}"
        case ThreadMoved(target=target):
            return f"moved this thread from a private channel to #{target.name}"
        case ThreadClosed():
            return "resolved this thread"
        case ThreadReopened():
            return "reopened this thread"
