"""What imports announce."""

from dfworx.core.events import Event
from dfworx.imports.views import ImportSummary


class ArchiveImported(Event):
    """An archive was brought in, as far as it could be read."""

    source: str
    summary: ImportSummary
