"""The verbs of the journey."""

from dataclasses import replace
from uuid import UUID

from dfworx.channels import service as channels
from dfworx.core.actor import Actor
from dfworx.decisions import service as decisions
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions.validators import Change, Drawn, Proposal
from dfworx.flow import demo
from dfworx.infra.database import Tx
from dfworx.messages import service as messages
from dfworx.messages.validators import NewMessage
from dfworx.organizations import service as organizations
from dfworx.organizations.events import OrganizationCreated
from dfworx.threads import service as threads
from dfworx.threads.validators import NewThread


async def furnish(tx: Tx, event: OrganizationCreated) -> None:
    """A new organization has a channel for everybody, and a small demo that can be removed."""
    general = await channels.create(tx, channels.GENERAL)
    person = tx.actor
    await tx.act_as(Actor.system(event.organization.id))
    guide = await organizations.add_author(tx, demo.AUTHOR, demo.ORIGIN)
    await tx.act_as(replace(tx.actor, membership_id=guide.id, name=guide.name))
    thread = await threads.open_thread(tx, general.id, NewThread(title=demo.TITLE), origin=demo.ORIGIN)
    names = {"organization": event.organization.name, "ref": "DEC-1"}
    said = [await messages.post(tx, thread.id, NewMessage(source=text.format(**names))) for text in demo.MESSAGES]
    await _propose(tx, thread.id, [message.id for message in said[demo.EVIDENCE]], person.membership)
    await tx.act_as(person)


async def _propose(tx: Tx, thread_id: UUID, evidence: list[UUID], founder: UUID) -> None:
    """The decision of the demo: it asks the founder, and holds when they agree and its final comment has ended."""
    drawn = await decisions.draw(tx, thread_id, Drawn(title=demo.DECISION["title"], message_ids=evidence))
    await decisions.revise(tx, drawn.id, Change(**demo.DECISION, version=drawn.version))
    await protocol.propose(tx, drawn.id, Proposal(asked=[founder], decider_id=founder))
