"""What threads refuse."""

from dfworx.core.errors import Conflict


class ThreadResolved(Conflict):
    """It is resolved already."""

    title = "This thread is resolved already."


class ThreadOpen(Conflict):
    """It is not resolved."""

    title = "This thread is open already."


class DefaultThread(Conflict):
    """A channel's default thread keeps its name and its place, and stays open."""

    title = "The channel's default thread cannot be renamed, resolved or moved."


class NamedByDecision(Conflict):
    """The conversation about a decision is called what the decision is called."""

    title = "This thread is called as its decision is. Change the decision's title."


class AlreadyThere(Conflict):
    """It is in that channel."""

    title = "This thread is in that channel already."


class WouldReveal(Conflict):
    """It goes from a private channel to one that everybody can see, and nobody said that this is meant."""

    title = "Everybody in the organization would see this thread. Confirm it with `reveal`."
