"""What messages refuse."""

from dfworx.core.errors import Conflict, TooLarge


class MessageDeleted(Conflict):
    """A deleted message leaves a tombstone that cannot be changed."""

    title = "This message was deleted."


class TooManyMessages(TooLarge):
    """More messages than are written out at once."""

    title = "At most 2,000 messages are written out at once. Say which with `first` and `last`."
