"""Who may do what to a decision, beyond the role x verb table."""

from dfworx.core.actor import Actor
from dfworx.core.permissions import Verb
from dfworx.decisions.models import Decision
from dfworx.decisions.models_protocol import Concern

TO_DECIDE = Verb.DRAFT_DECISION  # what a role has to allow to whoever is named as the decider


def may_write(actor: Actor, decision: Decision) -> bool:
    """A draft: every member who sees it. A proposal: who drafted it, who decides, and moderators."""
    if decision.number is None:
        return actor.may(Verb.DRAFT_DECISION)
    return may_decide(actor, decision) or is_author(actor, decision)


def may_propose(actor: Actor, decision: Decision) -> bool:
    """Who drafted it, and moderators."""
    return is_author(actor, decision) or actor.may(Verb.DECIDE_ANY)


def may_withdraw(actor: Actor, decision: Decision) -> bool:
    """The same."""
    return may_propose(actor, decision)


def may_decide(actor: Actor, decision: Decision) -> bool:
    """Reject, deprecate, supersede, amend, resolve concerns, ask more people: the decider, and moderators."""
    return actor.may(Verb.DECIDE_ANY) or (actor.may(TO_DECIDE) and decision.decider_id == actor.membership_id)


def may_withdraw_concern(actor: Actor, concern: Concern) -> bool:
    """Its owner."""
    return actor.may(Verb.TAKE_POSITION) and concern.owner_id == actor.membership_id


def is_author(actor: Actor, decision: Decision) -> bool:
    """Whoever drafted it."""
    return actor.may(Verb.DRAFT_DECISION) and decision.created_by == actor.membership_id
