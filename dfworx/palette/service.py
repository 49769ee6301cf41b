"""The one verb of the palette."""

from dfworx.channels import service as channels
from dfworx.core.texts import words_of
from dfworx.decisions import service_showing as decisions
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations
from dfworx.palette.views import Findings, FoundChannel, FoundDecision, FoundPerson, FoundThread
from dfworx.threads import service as threads

MOST = 8  # of each kind: what a screen of a palette holds


async def find(tx: Tx, query: str) -> Findings:
    """What you can see and go to, by parts of its name; without any the threads in which something happened last."""
    words = words_of(query)
    found = await threads.find(tx, words, MOST)
    names = {channel.id: channel.name for channel in await channels.some(tx, {thread.place_id for thread in found})}
    return Findings(
        channels=[
            FoundChannel(id=channel.id, name=channel.name, is_private=not channel.is_open)
            for channel in (await channels.find(tx, words, MOST) if words else [])
        ],
        threads=[
            FoundThread(
                id=thread.id,
                title=thread.title,
                channel=names[thread.place_id],
                is_resolved=thread.resolved_at is not None,
                last_message_at=thread.last_message_at,
            )
            for thread in found
        ],
        people=[
            FoundPerson(id=member.id, name=member.name, role=member.role)
            for member in (await organizations.find(tx, words, MOST) if words else [])
        ],
        decisions=[
            FoundDecision(id=each.id, address=each.address, ref=each.ref, title=each.title, status=each.status)
            for each in (await decisions.find(tx, words, MOST) if words else [])
        ],
    )
