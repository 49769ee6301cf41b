"""The register as a folder of files: MADR 4 with front matter, the same bytes each time."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from uuid import UUID

from dfworx.channels import service as channels
from dfworx.core.permissions import Verb
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions.repository import Decisions
from dfworx.decisions.service_scope import governed
from dfworx.decisions.service_written import file_of, name_of
from dfworx.decisions.views import RecordFile
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations
from dfworx.threads import service_places as places

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name
PLAIN_FILE = 0o100644 << 16
UNIX = 3
LEDGER = "ledger.json"


async def records(tx: Tx, called: Mapping[UUID, str] | None = None, *, private: bool = True) -> list[RecordFile]:
    """Every record that you can see as a file, by their numbers; `called` says where some of them lie already.

    Unless `private`, others than these stay out when their channels are private, and no link names them; that a record
    governs a private channel is not said.
    """
    tx.actor.must(Verb.READ)
    rows = await Decisions(tx).kept_as_files()
    others = set() if private else {row.thread_id for row in rows if row.id not in (called or {})}
    out = await places.private(tx, others)
    people = await organizations.names(tx, {row.decider_id for row in rows})
    names = {row.id: name_of(row) for row in rows if row.number} | dict(called or {})
    links = {
        row.id: f"[ADR-{row.number:04}]({names[row.id]})" for row in rows if row.number and row.thread_id not in out
    }
    governs = await governed(tx, rows)
    unsaid = set() if private else await _private(tx, governs)
    return [
        RecordFile(
            ref=f"DEC-{row.number}" if row.number else "",
            name=names.get(row.id, ""),
            text=""
            if row.thread_id in out
            else file_of(
                row,
                decider=people.get(row.decider_id, "") if row.decider_id else "",
                successor=links.get(row.superseded_by, "") if row.superseded_by else "",
                channels=sorted(governs[each].name for each in row.channels if each in governs.keys() - unsaid),
            ),
            **row.model_dump(include={"id", "number", "title", "status", "version", "origin"}),
            content=row.content,
            stays_out=row.thread_id in out,
            unsaid=sorted(unsaid.intersection(row.channels)),
        )
        for row in rows
    ]


async def _private(tx: Tx, ids: Iterable[str]) -> set[str]:
    return {str(each.id) for each in await channels.some(tx, [UUID(each) for each in ids]) if not each.is_open}


async def files(tx: Tx) -> list[tuple[str, str]]:
    """The name and the text of every record that you can see; drafts are none yet."""
    return [(each.name, each.text) for each in await records(tx) if each.number]


async def folder(tx: Tx, *, private: bool = True) -> tuple[list[tuple[str, str]], int]:
    """The same with the head of the ledger beside them, and how many stay out: none, unless `private` says so."""
    numbered = [each for each in await records(tx, private=private) if each.number]
    found = [(each.name, each.text) for each in numbered if not each.stays_out]
    return [*found, await head(tx)], len(numbered) - len(found)


async def head(tx: Tx) -> tuple[str, str]:
    """The head of the ledger as a file."""
    chain = await ledger.head(tx)
    said = json.dumps({"entries": chain.entries, "head": chain.head}, indent=2)
    return LEDGER, f"{said}\n"


async def packed(tx: Tx) -> bytes:
    """All of it as a zip."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, text in (await folder(tx))[0]:
            info = zipfile.ZipInfo(f"decisions/{name}", EPOCH)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, PLAIN_FILE, UNIX
            archive.writestr(info, text)
    return sink.getvalue()
