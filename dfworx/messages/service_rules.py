"""The rules about a message, for whoever asks why somebody may do something with it, or not."""

import inspect
from uuid import UUID

from dfworx.core.actor import Actor
from dfworx.messages import policies
from dfworx.messages.models import Message

RULES = {"edit": policies.may_edit, "delete": policies.may_delete}


def judge(actor: Actor, deed: str, *, author_id: UUID, kind: str) -> tuple[bool, str]:
    """What the policy itself says, and the sentence that it is known by."""
    rule = RULES[deed]
    return rule(actor, Message.model_construct(author_id=author_id, kind=kind)), inspect.getdoc(rule) or ""  # type: ignore[call-arg]  # what the rule looks at
