"""Tags over REST; what they hang on has routes to put them on and take them off."""

from uuid import UUID

from fastapi import APIRouter

from dfworx.tags import service as tags
from dfworx.tags.validators import NewTag, TagChange
from dfworx.tags.views import TagView
from dfworx.web.transactions import InTx

router = APIRouter(prefix="/organizations/{organization}/tags", tags=["tags"])


@router.get("")
async def list_tags(tx: InTx) -> list[TagView]:
    """The tags of the organization, by category and name."""
    return await tags.all(tx)


@router.post("", status_code=201)
async def create_tag(new: NewTag, tx: InTx) -> TagView:
    """Create a tag; its name is unique in its category."""
    return await tags.create(tx, new)


@router.patch("/{tag_id}")
async def change_tag(tag_id: UUID, change: TagChange, tx: InTx) -> TagView:
    """Give it another name, category or color, wherever it hangs."""
    return await tags.change(tx, tag_id, change)


@router.delete("/{tag_id}", status_code=204)
async def remove_tag(tag_id: UUID, tx: InTx) -> None:
    """Delete it, and take it off everywhere."""
    await tags.remove(tx, tag_id)
