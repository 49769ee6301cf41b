"""What messages refuse."""

from dfworx.core.errors import Conflict


class MessageDeleted(Conflict):
    """A deleted message leaves a tombstone that cannot be changed."""

    title = "This message was deleted."
