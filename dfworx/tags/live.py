"""What open pages hear of tags: a list, and the page of what was tagged, ask anew."""

from collections.abc import Iterable

from dfworx.live.frames import Addressed, Frame, announces
from dfworx.tags.events import Tagged, Untagged


@announces(Tagged, Untagged)
def changed(event: Tagged | Untagged) -> Iterable[Addressed]:
    """To whoever can see what the tag hangs on."""
    yield Addressed(Frame(list=f"{event.kind}s", op="stale", scope=event.scope), event.audience)
    yield Addressed(Frame(list=event.kind, op="stale", scope=str(event.subject_id)), event.audience)
