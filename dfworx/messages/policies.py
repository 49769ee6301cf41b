"""Who may do what to a message, beyond the role x verb table."""

from uuid import UUID

from dfworx.core.actor import Actor
from dfworx.core.permissions import Verb
from dfworx.messages.models import Kind, Message


def may_edit(actor: Actor, message: Message, author_id: UUID | None = None) -> bool:
    """Its author alone: nobody puts words into another's mouth, nor changes what the workspace noted."""
    whose = author_id or message.author_id  # an imported author is the member who claimed it
    return message.kind == Kind.MESSAGE and actor.may(Verb.EDIT_OWN_MESSAGE) and whose == actor.membership_id


def may_delete(actor: Actor, message: Message, author_id: UUID | None = None) -> bool:
    """Its author, and moderators; what the workspace noted stays."""
    if message.kind != Kind.MESSAGE:
        return False
    if actor.may(Verb.DELETE_ANY_MESSAGE):
        return True
    return actor.may(Verb.DELETE_OWN_MESSAGE) and (author_id or message.author_id) == actor.membership_id


def may_see_revisions(actor: Actor, message: Message, author_id: UUID | None = None) -> bool:
    """Everybody who sees the message; what was deleted only its author and moderators."""
    return message.deleted_at is None or may_delete(actor, message, author_id)
