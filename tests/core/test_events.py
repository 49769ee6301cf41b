"""Events of other releases: what they say is heard, what cannot be read holds up nobody."""

import logging
from uuid import uuid4

from dfworx.core import clock
from dfworx.core.events import Event
from dfworx.threads.events import ThreadOpened

THREAD = {
    "id": str(uuid4()), "place_id": str(uuid4()), "title": "Failover", "is_default": False, "last_seq": 0, "version": 0,
    "created_at": clock.now().isoformat(), "created_by": None, "last_message_at": None, "resolved_at": None,
}  # fmt: skip


def test_what_the_release_before_announced_is_read():
    """It knows nothing of conversations about decisions."""
    event = Event.read(ThreadOpened.name, {"thread": THREAD, "audience": []})
    assert isinstance(event, ThreadOpened)
    assert not event.thread.is_quiet


def test_what_cannot_be_read_is_none_and_said_without_its_words(caplog):
    """The others go on: it is logged with what is wrong, and not with what it says."""
    with caplog.at_level(logging.ERROR):
        assert Event.read(ThreadOpened.name, {"thread": {**THREAD, "title": ["secret"]}, "audience": []}) is None
    assert ThreadOpened.name in caplog.text
    assert "secret" not in caplog.text
    assert Event.read("threads.NeverHeardOf", {}) is None
