"""Whether a member may do something, and why. The services' own policies are asked, with what the database knows."""

from dataclasses import dataclass, field
from typing import Any

from dfworx.admin.repository_rules import Facts
from dfworx.admin.service_scope import scope
from dfworx.admin.validators_rules import ABOUT_MESSAGES, Deed, RuleAsked
from dfworx.admin.views_rules import Explanation, PermissionTable, Reason, VerbRow
from dfworx.core.actor import Actor
from dfworx.core.errors import NotFound
from dfworx.core.permissions import TABLE, Role, ServerVerb, Verb, allows
from dfworx.infra.database import Tx
from dfworx.messages import service_rules as messages
from dfworx.organizations import service_rules as organizations
from dfworx.threads import service_rules as threads

MEMBERS_ONLY, GUEST = "members", Role.GUEST
KEPT = frozenset({Deed.RENAME, Deed.RESOLVE, Deed.MOVE})  # what a channel's default thread refuses


@dataclass(frozen=True)
class Witness(Actor):
    """An actor who remembers what of the table was asked about them."""

    asked: list[Reason] = field(default_factory=list)

    def may(self, verb: Any) -> bool:
        """What the table says, remembered."""
        allowed = Actor.may(self, verb)
        self.asked.append(Reason(text=f"the role {self.role} {'may' if allowed else 'may not'} {verb}", holds=allowed))
        return allowed


def table(tx: Tx) -> PermissionTable:
    """The role x verb table, as it stands in the code."""
    scope(tx, Verb.ADMINISTER, ServerVerb.EXPLAIN)
    roles = [role for role in Role if role is not Role.SYSTEM]
    verbs = [VerbRow(verb=verb.value, roles=[role.value for role in roles if allows(role, verb)]) for verb in TABLE]
    return PermissionTable(roles=[role.value for role in roles], verbs=verbs)


async def explain(tx: Tx, asked: RuleAsked) -> Explanation:
    """Look at everything in the order of the services; the first thing that does not hold decides."""
    within = scope(tx, Verb.ADMINISTER, ServerVerb.EXPLAIN)
    facts = await Facts(tx, within).find(asked.membership_id, asked.thread_id, asked.message_id)
    is_about = asked.thread_id or asked.message_id
    if facts is None or (is_about and facts.thread_id is None) or (asked.message_id and facts.author_id is None):
        raise NotFound
    reasons = [_membership(facts)]
    if is_about:
        reasons += _place(facts, asked.deed)
    if all(reason.holds for reason in reasons):
        reasons += _policy(facts, asked)
    if asked.deed in ABOUT_MESSAGES:
        reasons.append(_reason("the message was deleted", "the message was not deleted", facts.deleted_at is None))
    return _concluded(reasons)


def _concluded(reasons: list[Reason]) -> Explanation:
    against = next((reason for reason in reasons if not reason.holds), None)
    return Explanation(is_allowed=against is None, because=(against or reasons[-1]).text, reasons=reasons)


def _membership(facts: Any) -> Reason:
    if facts.user_id is None:
        return Reason(text="nobody has claimed this imported author", holds=False)
    return _reason("has left the organization", f"is {facts.role} of the organization", facts.left_at is None)


def _place(facts: Any, deed: Deed) -> list[Reason]:
    """Who sees the channel, and whether it takes anything."""
    if facts.visibility == MEMBERS_ONLY:
        seen = _reason("was not added to its private channel", "was added to its private channel", facts.is_added)
    elif facts.role == GUEST:
        seen = _reason("guests see only channels that they were added to", "was added to its channel", facts.is_added)
    else:
        seen = Reason(text="its channel is open to the organization", holds=True)
    reasons = [seen]
    if deed is not Deed.READ:
        reasons.append(_reason("its channel is archived", "its channel is not archived", facts.archived_at is None))
    if deed in KEPT:
        default = "it is the channel's default thread, which keeps its name and place and stays open"
        reasons.append(_reason(default, "it is not the channel's default thread", not facts.is_default))
    return reasons


def _policy(facts: Any, asked: RuleAsked) -> list[Reason]:
    """What the policy says, after what it asked the table and whose the thing is."""
    witness = Witness(
        user_id=facts.user_id, organization_id=asked.membership_id, membership_id=asked.membership_id,
        role=Role(facts.role),
    )  # fmt: skip
    allowed, rule = _judged(witness, facts, asked)
    deciding = [reason for reason in witness.asked if reason.holds is allowed][-1:]
    whose = _whose(facts, asked)
    about = "; ".join([*(reason.text for reason in deciding), *([whose] if whose else [])])
    return [Reason(text=f"{about} ({rule})" if rule else about, holds=allowed)]


def _judged(witness: Witness, facts: Any, asked: RuleAsked) -> tuple[bool, str]:
    match asked.deed:
        case Deed.READ:
            return witness.may(Verb.READ), ""
        case Deed.POST:
            return witness.may(Verb.POST_MESSAGE), ""
        case Deed.MOVE | Deed.RENAME | Deed.RESOLVE:
            about = {"created_by": facts.created_by, "origin": facts.origin}
            return threads.judge(witness, asked.deed.name.lower(), **about)
        case Deed.EDIT | Deed.DELETE:
            about = {"author_id": facts.author_id, "kind": facts.kind}
            return messages.judge(witness, asked.deed.name.lower(), **about)
        case Deed.INVITE:
            return organizations.judge_invitation(witness, Role(asked.role or Role.MEMBER))
        case Deed.CHANGE_ROLE:
            return organizations.judge_role(witness, Role(asked.of or Role.MEMBER), Role(asked.role or Role.MEMBER))


def _whose(facts: Any, asked: RuleAsked) -> str:
    if asked.deed in ABOUT_MESSAGES:
        return "wrote the message" if facts.author_id == asked.membership_id else "did not write the message"
    if asked.deed in KEPT:
        return "opened the thread" if facts.created_by == asked.membership_id else "did not open the thread"
    return ""


def _reason(against: str, for_: str, holds: bool) -> Reason:  # noqa: FBT001 - read as a sentence
    return Reason(text=for_ if holds else against, holds=holds)
