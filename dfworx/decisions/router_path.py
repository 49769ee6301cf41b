"""How the path of a request names a decision."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path

from dfworx.decisions import service_showing as showing
from dfworx.web.transactions import InTx

Named = Annotated[str, Path(description="Its id, or its number: `DEC-42`.", examples=["DEC-42"], max_length=300)]


async def _found(decision_id: Named, tx: InTx) -> UUID:
    return await showing.id_of(tx, decision_id)


DecisionId = Annotated[UUID, Depends(_found)]
