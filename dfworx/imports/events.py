"""What imports announce."""

from uuid import UUID

from dfworx.core.events import Event
from dfworx.imports.views import ImportSummary, ImportView


class _ImportEvent(Event):
    shown: ImportView

    def about(self) -> UUID:
        """The import."""
        return self.shown.id


class ImportRequested(_ImportEvent):
    """An archive is there and waits to be brought in, or an import is to go on."""


class ImportMoved(_ImportEvent):
    """An import came further, stands, or has ended."""

    audited = False  # what it brought says who and when


class ImportStopped(_ImportEvent):
    """Somebody stopped an import."""


class ImportDiscarded(_ImportEvent):
    """An import will not go on; its archive is removed."""


class ArchiveImported(Event):
    """An archive was brought in, as far as it could be read."""

    source: str
    summary: ImportSummary


class DecisionsImported(Event):
    """Decision records were brought in from a folder."""

    folder: str
    channel: str
    brought: int
    known: int
    skipped: int
