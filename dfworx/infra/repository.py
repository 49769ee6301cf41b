"""What every repository shares: rows of the actor's organization, found or refused."""

from collections.abc import Iterable
from functools import cache
from itertools import islice
from typing import Any, ClassVar, Generic, TypeVar, cast
from uuid import UUID

from sqlalchemy import Table, Text, bindparam, column, func, insert, inspect
from sqlalchemy import cast as sa_cast
from sqlalchemy import select as sa_select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from dfworx.core.errors import NotFound
from dfworx.infra.database import Tx
from dfworx.infra.tables import TenantModel

Row = TypeVar("Row", bound=TenantModel)
AT_ONCE = 250  # rows in one statement: a slow database still answers in time


class Repository(Generic[Row]):
    """The rows of one table in one organization: row-level security decides, the query names the organization too."""

    model: ClassVar[type[TenantModel]]

    def __init__(self, tx: Tx) -> None:
        self.tx = tx

    @property
    def _model(self) -> type[Row]:
        return self.model  # type: ignore[return-value]  # bound by the subclass

    def mine(self) -> SelectOfScalar[Row]:
        """All rows of the organization that the actor can see."""
        return select(self._model).where(col(self._model.organization_id) == self.tx.actor.organization)

    async def get(self, id_: UUID) -> Row:
        """The row, or NotFound: what one cannot see does not exist."""
        row = await self.find(id_)
        if row is None:
            raise NotFound
        return row

    async def find(self, id_: UUID) -> Row | None:
        """The row, if it exists and the actor can see it."""
        values = {"by_id": id_, "by_organization": self.tx.actor.organization}
        return await self.tx.scalar(self._model, _by_id(self.model), values)

    async def add(self, row: Row) -> Row:
        """Store a new row now, so that the database's refusals come here."""
        self.tx.session.add(row)
        await self.tx.session.flush()
        return row

    async def add_all(self, rows: Iterable[str]) -> None:
        """Store many new rows, each of them JSON, in their order."""
        left = iter(rows)
        while part := [*islice(left, AT_ONCE)]:
            await self.tx.run(_many(self.model), {"rows": f"[{','.join(part)}]"})


@cache
def _by_id(model: type[TenantModel]) -> Any:
    """One row of an organization; made once a table, since building a statement costs as much as running it."""
    return select(model).where(
        col(model.organization_id) == bindparam("by_organization"), col(model.id) == bindparam("by_id")
    )


@cache
def _many(model: type[TenantModel]) -> Any:
    """Rows of one table as JSON: the policies ask who somebody is once a statement, and not once a row."""
    table = cast("Table", inspect(model).local_table)
    columns = [column(each.name, each.type) for each in table.columns]
    rows = func.jsonb_to_recordset(sa_cast(bindparam("rows", type_=Text), JSONB)).table_valued(*columns)
    return insert(table).from_select([*table.columns], sa_select(rows.render_derived(with_types=True)))
