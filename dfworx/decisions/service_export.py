"""The register as a folder of files: MADR 4 with front matter, the same bytes each time."""

import io
import json
import zipfile

from dfworx.core.permissions import Verb
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions.repository import Decisions
from dfworx.decisions.service_written import file_of, name_of
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name
PLAIN_FILE = 0o100644 << 16
UNIX = 3
LEDGER = "ledger.json"


async def files(tx: Tx) -> list[tuple[str, str]]:
    """The name and the text of every record that you can see, by their numbers; drafts are none yet."""
    tx.actor.must(Verb.READ)
    rows = await Decisions(tx).register()
    by_id = {row.id: row for row in rows}
    names = await organizations.names(tx, {row.decider_id for row in rows})
    return [
        (
            name_of(row),
            file_of(
                row,
                decider=names.get(row.decider_id, "") if row.decider_id else "",
                successor=by_id.get(row.superseded_by) if row.superseded_by else None,
            ),
        )
        for row in rows
    ]


async def folder(tx: Tx) -> list[tuple[str, str]]:
    """The same with the head of the ledger beside them."""
    chain = await ledger.head(tx)
    said = json.dumps({"entries": chain.entries, "head": chain.head}, indent=2)
    return [*await files(tx), (LEDGER, f"{said}\n")]


async def packed(tx: Tx) -> bytes:
    """All of it as a zip."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, text in await folder(tx):
            info = zipfile.ZipInfo(f"decisions/{name}", EPOCH)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, PLAIN_FILE, UNIX
            archive.writestr(info, text)
    return sink.getvalue()
