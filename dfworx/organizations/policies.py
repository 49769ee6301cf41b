"""Who may do what to members and invitations: nobody acts above the own role, and owners are owners' business."""

from dfworx.core.actor import Actor
from dfworx.core.permissions import Role, Verb
from dfworx.organizations.models import Membership


def may_grant(actor: Actor, role: str) -> bool:
    """Whether the actor may make somebody this."""
    return role != Role.OWNER or actor.may(Verb.GRANT_OWNERSHIP)


def may_change_role(actor: Actor, member: Membership, role: str) -> bool:
    """Administrators change roles; only owners make and unmake owners."""
    return actor.may(Verb.CHANGE_ROLE) and may_grant(actor, member.role) and may_grant(actor, role)


def may_issue_reset_link(actor: Actor, member: Membership) -> bool:
    """Administrators make a link for others; only owners for owners; nobody for themselves."""
    return (
        actor.may(Verb.ISSUE_RESET_LINK)
        and may_grant(actor, member.role)
        and member.user_id is not None
        and member.user_id != actor.user_id
    )


def may_remove(actor: Actor, member: Membership) -> bool:
    """Administrators remove members; only owners remove owners."""
    return actor.may(Verb.REMOVE_MEMBER) and may_grant(actor, member.role)


def may_end_claim(actor: Actor, author: Membership) -> bool:
    """Administrators decline and undo; whoever only asked takes it back."""
    return actor.may(Verb.DECIDE_CLAIM) or (
        author.claimant_id is not None and author.claimant_id == actor.membership_id and actor.may(Verb.CLAIM_AUTHOR)
    )


def may_invite(actor: Actor, role: str) -> bool:
    """Administrators invite; only owners invite owners."""
    return actor.may(Verb.INVITE) and may_grant(actor, role)
