"""What threads refuse."""

from dfworx.core.errors import Conflict


class ThreadResolved(Conflict):
    """It is resolved already."""

    title = "This thread is resolved already."


class ThreadOpen(Conflict):
    """It is not resolved."""

    title = "This thread is open already."


class DefaultThread(Conflict):
    """A channel's default thread keeps its name and stays open."""

    title = "The channel's default thread cannot be renamed or resolved."
