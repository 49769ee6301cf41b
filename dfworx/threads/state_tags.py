"""What the person does with the tags of a thread."""

import reflex as rx

from dfworx.core.ids import read_id
from dfworx.tags import service as tags
from dfworx.threads import service as threads
from dfworx.ui.doors import acting, action
from dfworx.ui.state_picker import Picker, flipped, offer


class ThreadTags(rx.State):
    """The tags of the thread of the address."""

    @action("member")
    async def ask(self) -> None:
        """Open the choice of tags."""
        async with acting(self) as tx:
            choices = [tag.choice for tag in await tags.all(tx)]
            thread = await threads.get(tx, read_id(self.thread))
        await offer(self, choices, [str(tag.id) for tag in thread.tags])

    @action("member")
    async def flip(self, tag_id: str) -> None:
        """Put a tag on the thread, or take it off."""
        picker = await self.get_state(Picker)
        verb = threads.untag if tag_id in picker.chosen else threads.tag
        async with acting(self) as tx:
            await verb(tx, read_id(self.thread), read_id(tag_id))
        picker.chosen = flipped(picker.chosen, tag_id)
