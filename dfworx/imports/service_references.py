"""What `#**channel>thread@id**` leads to, as far as whoever asks can see it."""

from dfworx.channels import service as channels
from dfworx.imports.service_batches import key_of
from dfworx.imports.validators import ReferenceAsked
from dfworx.imports.views import ReferenceTarget
from dfworx.infra.database import Tx
from dfworx.messages import service as messages
from dfworx.threads import service as threads


async def find(tx: Tx, asked: ReferenceAsked) -> ReferenceTarget:
    """The message, else the thread, else the channel; a message is known by its number in Zulip wherever it is now."""
    if asked.message and (found := await messages.imported(tx, key_of(asked.message))):
        thread_id, seq = found
        return ReferenceTarget(thread_id=thread_id, seq=seq)
    channel = await channels.called(tx, asked.channel)
    if not asked.thread:
        return ReferenceTarget(channel_id=channel.id)
    thread = await threads.called(tx, channel.id, asked.thread.removeprefix("✔ "))
    return ReferenceTarget(channel_id=channel.id, thread_id=thread.id)
