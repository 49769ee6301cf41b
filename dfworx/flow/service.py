"""The verbs of the journey."""

from dataclasses import replace

from dfworx.channels import service as channels
from dfworx.core.actor import Actor
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
    for text in demo.MESSAGES:
        await messages.post(tx, thread.id, NewMessage(source=text.format(organization=event.organization.name)))
    await tx.act_as(person)
