"""The rules about a thread, for whoever asks why somebody may do something with it, or not."""

import inspect
from uuid import UUID

from dfworx.core.actor import Actor
from dfworx.threads import policies
from dfworx.threads.models import Thread

RULES = {"move": policies.may_move, "rename": policies.may_rename, "resolve": policies.may_resolve}


def judge(actor: Actor, deed: str, *, created_by: UUID | None, origin: str | None) -> tuple[bool, str]:
    """What the policy itself says, and the sentence that it is known by."""
    rule = RULES[deed]
    return rule(actor, Thread.model_construct(created_by=created_by, origin=origin)), inspect.getdoc(rule) or ""  # type: ignore[call-arg]  # what the rule looks at
