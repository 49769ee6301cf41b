"""The rules about members, for whoever asks why somebody may do something to them, or not."""

import inspect

from dfworx.core.actor import Actor
from dfworx.core.permissions import Role
from dfworx.organizations import policies
from dfworx.organizations.models import Membership


def judge_invitation(actor: Actor, role: Role) -> tuple[bool, str]:
    """What the policy itself says of inviting somebody as this, and the sentence that it is known by."""
    return policies.may_invite(actor, role), inspect.getdoc(policies.may_invite) or ""


def judge_role(actor: Actor, of: Role, role: Role) -> tuple[bool, str]:
    """What it says of giving a member who is `of` another role."""
    rule = policies.may_change_role
    return rule(actor, Membership.model_construct(role=of), role), inspect.getdoc(rule) or ""  # type: ignore[call-arg]  # what the rule looks at
