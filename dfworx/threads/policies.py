"""Who may do what to a thread, beyond the role x verb table."""

from dfworx.core.actor import Actor
from dfworx.core.permissions import Verb
from dfworx.threads.models import Thread

DEMO = "demo"


def may_rename(actor: Actor, thread: Thread) -> bool:
    """Whoever opened it, and moderators."""
    if actor.may(Verb.EDIT_ANY_THREAD):
        return True
    return actor.may(Verb.EDIT_OWN_THREAD) and thread.created_by == actor.membership_id


def may_resolve(actor: Actor, thread: Thread) -> bool:
    """Members, and guests their own."""
    return actor.may(Verb.RESOLVE_THREAD) or may_rename(actor, thread)


def may_move(actor: Actor, thread: Thread) -> bool:
    """Members what they opened, moderators anything; where it goes they must be able to open threads."""
    if not actor.may(Verb.OPEN_THREAD):
        return False
    return actor.may(Verb.MOVE_ANY_THREAD) or (
        actor.may(Verb.MOVE_OWN_THREAD) and thread.created_by == actor.membership_id
    )


def may_remove_demo(actor: Actor, thread: Thread) -> bool:
    """Administrators, and only the demo: what people wrote is never removed."""
    return thread.origin == DEMO and actor.may(Verb.RENAME_ORGANIZATION)
