"""What open pages hear of imports: how far they are, for those who may bring archives in."""

from collections.abc import Iterable
from uuid import UUID

from dfworx.core.errors import NotFound
from dfworx.core.permissions import Verb
from dfworx.imports.events import ImportDiscarded, ImportMoved, ImportRequested, ImportStopped
from dfworx.infra.database import Tx
from dfworx.live.frames import Addressed, Frame, announces
from dfworx.live.rooms import admits, wishes

PAGE = "/admin/imports"


@wishes
async def of_page(tx: Tx, path: str) -> set[str]:
    """The page of imports wants to hear of them."""
    return {f"imports:{tx.actor.organization_id}"} if path.rstrip("/").endswith(PAGE) and tx.actor.role else set()


@admits("imports")
async def may_listen(tx: Tx, organization_id: UUID) -> str:
    """Those who may bring archives in; the right is lost with the role, which loads the page anew."""
    if tx.actor.organization != organization_id or not tx.actor.may(Verb.IMPORT):
        raise NotFound
    return str(organization_id)


@announces(ImportRequested, ImportMoved, ImportStopped, ImportDiscarded)
def moved(event: ImportRequested | ImportMoved | ImportStopped | ImportDiscarded) -> Iterable[Addressed]:
    """The import as it is now."""
    shown, organization = event.shown, str(event.shown.organization_id)
    frame = Frame(list="imports", op="put", scope=organization, item=shown.model_dump(mode="json"))
    yield Addressed(frame, (f"imports:{organization}",))
