"""What imports refuse."""

from dfworx.core.errors import Conflict, Invalid


class ImportRunning(Conflict):
    """An organization has one import at a time."""

    title = "Another import is going on. Stop it, or wait until it is done."


class ImportSettled(Conflict):
    """It is in a state in which this means nothing: stopping what is done, resuming what runs."""

    title = "This import is in a state that does not allow it."


class NotAnArchive(Invalid):
    """The file is packed in no way that is accepted there, or holds nothing that can be brought in."""

    title = "This is not an archive that can be brought in."
