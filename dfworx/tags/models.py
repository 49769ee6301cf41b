"""Tags, and what they hang on."""

from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, func
from sqlalchemy import text as sql
from sqlmodel import Field

from dfworx.infra.tables import TenantModel


class Tag(TenantModel, table=True):
    """A name with a color; unique in its category."""

    __tablename__ = "tags"
    __table_args__ = (
        Index(
            "tags_organization_id_category_name_key",
            "organization_id",
            "category",
            func.lower(sql("name")),
            unique=True,
        ),
    )

    name: str
    category: str
    color: str


class Tagging(TenantModel, table=True):
    """That a tag hangs on a thread or a decision, and who put it there; nobody, for an import."""

    __tablename__ = "taggings"
    __table_args__ = (
        UniqueConstraint("tag_id", "kind", "subject_id"),
        Index("taggings_kind_subject_id_index", "kind", "subject_id"),
    )

    tag_id: UUID = Field(foreign_key="tags.id", ondelete="CASCADE")
    kind: str
    subject_id: UUID
    tagged_by: UUID | None = Field(default=None, foreign_key="memberships.id", index=True)
