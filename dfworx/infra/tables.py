"""What every table shares: the schema, identifiers, aware times, the organization of tenant rows."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import TIMESTAMP, Column, MetaData, Text
from sqlmodel import Field, SQLModel

from dfworx.core import clock, ids

SCHEMA = "dfworx"
metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_index",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    },
)


class Model(SQLModel):
    """The base of every table."""

    metadata: ClassVar[MetaData] = metadata

    id: UUID = Field(default_factory=ids.new_id, primary_key=True)
    created_at: datetime = Field(default_factory=clock.now, sa_type=TIMESTAMP(timezone=True))


class TenantModel(Model):
    """A row that belongs to one organization and never crosses it."""

    organization_id: UUID = Field(foreign_key="organizations.id")


def moment(**options: Any) -> Any:
    """A column with a time in UTC (timestamptz); empty unless said otherwise."""
    return Field(default=None, sa_type=TIMESTAMP(timezone=True), **options)


def text(**options: Any) -> Any:
    """A column of text without a limit in the database; validators hold the limit."""
    return Field(sa_column=Column(Text, nullable=False), **options)
