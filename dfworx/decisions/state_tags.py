"""What the person does with the tags of a decision."""

import reflex as rx

from dfworx.core.ids import read_id
from dfworx.decisions import service_showing as showing
from dfworx.decisions import service_tags as tagging
from dfworx.tags import service as tags
from dfworx.ui.doors import acting, action
from dfworx.ui.state_picker import Picker, flipped, offer


class DecisionTags(rx.State):
    """The tags of the decision of the address."""

    @action("member")
    async def ask(self) -> None:
        """Open the choice of tags."""
        async with acting(self) as tx:
            choices = [tag.choice for tag in await tags.all(tx)]
            decision = await showing.get(tx, await showing.id_of(tx, self.decision))
        await offer(self, choices, [str(tag.id) for tag in decision.tags])

    @action("member")
    async def flip(self, tag_id: str) -> None:
        """Put a tag on the decision, or take it off."""
        picker = await self.get_state(Picker)
        verb = tagging.untag if tag_id in picker.chosen else tagging.tag
        async with acting(self) as tx:
            await verb(tx, await showing.id_of(tx, self.decision), read_id(tag_id))
        picker.chosen = flipped(picker.chosen, tag_id)
