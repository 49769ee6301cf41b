"""The channels that decisions govern, as far as somebody sees them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from dfworx.channels import service as channels
from dfworx.core.errors import NotFound
from dfworx.decisions.models import Decision
from dfworx.decisions.validators import Content
from dfworx.decisions.views_details import GovernedChannel
from dfworx.infra.database import Tx


async def governed(tx: Tx, rows: Iterable[Decision]) -> dict[str, GovernedChannel]:
    """The channels that any of these names, by id."""
    return await _seen(tx, {each for row in rows for each in row.channels})


async def scoped(tx: Tx, content: Content, was: Sequence[str] = ()) -> Content:
    """The text with the channels that it names: those that the writer does not see stay as they were."""
    seen = await _seen(tx, {*content.channels, *was})
    if not set(content.channels) <= {*seen, *was}:
        raise NotFound
    hidden = [each for each in was if each not in seen]
    return content.model_copy(update={"channels": sorted({*content.channels, *hidden})})


async def in_sight(tx: Tx, ids: Sequence[str], was: Sequence[str]) -> list[str]:
    """Those that can be named: seen, or named already."""
    seen = await _seen(tx, set(ids))
    return [each for each in ids if each in seen or each in was]


async def _seen(tx: Tx, ids: set[str]) -> dict[str, GovernedChannel]:
    found = await channels.some(tx, [UUID(each) for each in ids]) if ids else []
    return {str(each.id): GovernedChannel(id=each.id, name=each.name) for each in found}
