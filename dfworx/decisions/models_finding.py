"""What is looked for when somebody asks what may be decided already: triggers write it, only a function reads it."""

from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from dfworx.infra.tables import TenantModel


class DecisionTerms(TenantModel, table=True):
    """The terms of a decision's title, chosen option, drivers and outcome, with their places."""

    __tablename__ = "decision_terms"
    __table_args__ = (UniqueConstraint("decision_id"), Index(None, "terms", postgresql_using="gin"))

    decision_id: UUID = Field(foreign_key="decisions.id")
    terms: Any = Field(sa_column=Column(TSVECTOR, nullable=False))


class KnownTerm(TenantModel, table=True):
    """A term that some decision has: what a word with a typing error may stand for."""

    __tablename__ = "known_terms"
    __table_args__ = (
        Index(None, "organization_id", "term"),
        Index(None, "term", postgresql_using="gin", postgresql_ops={"term": "dfworx_extensions.gin_trgm_ops"}),
    )

    term: str
