"""What imports refuse."""

from dfworx.core.errors import Conflict, Invalid


class ImportRunning(Conflict):
    """An organization has one import at a time."""

    title = "Another import is going on. Stop it, or wait until it is done."


class ImportSettled(Conflict):
    """It is in a state in which this means nothing: stopping what is done, resuming what runs."""

    title = "This import is in a state that does not allow it."


class NotAnArchive(Invalid):
    """The file is no .zip and no .tar.gz."""

    title = "This is not a .zip or .tar.gz file."
