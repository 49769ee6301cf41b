"""The wiring: which slice answers the ground's questions, and who hears what inside a transaction. A composition root."""

from collections.abc import Sequence

from dfworx.accounts import service as accounts
from dfworx.accounts.events import PersonRenamed, SessionRevoked, SessionsRevoked
from dfworx.infra.database import Stored, listen, listeners
from dfworx.web import identity


def wire() -> None:
    """Connect everything; doing it twice changes nothing."""
    identity.resolver = accounts.identify
    if _look_anew not in listeners.after_commit:
        listeners.after_commit.append(_look_anew)


def _look_anew(events: Sequence[Stored]) -> None:
    """What a cached identity says may have changed."""
    for _, event in events:
        if isinstance(event, SessionRevoked):
            accounts.forget(event.session_id)
        elif isinstance(event, SessionsRevoked | PersonRenamed):
            accounts.forget(event.user_id)
