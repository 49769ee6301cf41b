"""What channels refuse."""

from dfworx.core.errors import Conflict


class ChannelArchived(Conflict):
    """Nothing new goes into an archived channel."""

    title = "This channel is archived. Restore it to write here."


class ChannelNameTaken(Conflict):
    """Two channels of an organization cannot share a name."""

    title = "A channel of this name exists already."
