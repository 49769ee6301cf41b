"""The demo's decision, when the demo is taken away."""

from dfworx.decisions import service_protocol as protocol
from dfworx.decisions.errors import DemoStays
from dfworx.decisions.models_lifecycle import WRITABLE, Status
from dfworx.decisions.repository import Decisions
from dfworx.decisions.validators import Closing
from dfworx.infra.database import Tx
from dfworx.threads.events import DemoRemoved

WHY = Closing(reason="The demo was removed.")


async def let_go(tx: Tx, event: DemoRemoved) -> None:
    """Take back what the demo asks; what people decided out of it, or have accepted, keeps its grounds."""
    for row in await Decisions(tx).grown_from(event.thread.id):
        status = Status(row.status)
        if row.created_by != event.thread.created_by or status not in {*WRITABLE, Status.WITHDRAWN}:
            raise DemoStays
        if status in WRITABLE:
            await protocol.withdraw(tx, row.id, WHY)
    await tx.session.flush()
