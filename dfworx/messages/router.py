"""Messages over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from dfworx.messages import service as messages
from dfworx.messages.validators import MessageChange, NewMessage
from dfworx.messages.views import MessageChanges, MessagePage, MessageSource, MessageView, RevisionView
from dfworx.web.answers import MARKDOWN, Markdown
from dfworx.web.transactions import InTx

router = APIRouter(prefix="/organizations/{organization}", tags=["messages"])


Seq = Annotated[int | None, Query(ge=0, le=2**31 - 1)]


@router.get("/threads/{thread_id}/messages")
async def page_of_messages(
    thread_id: UUID,
    tx: InTx,
    before: Seq = None,
    after: Seq = None,
    around: Seq = None,
    at: AwareDatetime | None = None,
) -> MessagePage:
    """Messages before, after or around a `seq`, or around the first one at a time or later, whose number is `found`.

    Without any of them where the unread begins.
    """
    return await messages.page(tx, thread_id, before=before, after=after, around=around, at=at)


@router.get("/threads/{thread_id}/markdown", response_model=None, responses=MARKDOWN)
async def thread_as_markdown(
    thread_id: UUID,
    tx: InTx,
    first: Annotated[int, Query(ge=1, le=2**31 - 1)] = 1,
    last: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Markdown:
    """A thread as Markdown, or its messages from `first` to `last`; at most 2,000 of them."""
    return Markdown(await messages.markdown(tx, thread_id, first=first, last=last))


@router.get("/threads/{thread_id}/changes")
async def changed_messages(
    thread_id: UUID, tx: InTx, after: Annotated[int, Query(ge=0, le=2**31 - 1)]
) -> MessageChanges:
    """What was posted, edited or deleted after a version."""
    return await messages.changes(tx, thread_id, after)


@router.post("/threads/{thread_id}/messages", status_code=201)
async def post_message(thread_id: UUID, new: NewMessage, tx: InTx) -> MessageView:
    """Post a message; the same `client_key` again gives the same message."""
    return await messages.post(tx, thread_id, new)


@router.get("/messages/{message_id}")
async def get_message(message_id: UUID, tx: InTx) -> MessageSource:
    """One message with its markdown."""
    return await messages.get(tx, message_id)


@router.patch("/messages/{message_id}")
async def edit_message(message_id: UUID, change: MessageChange, tx: InTx) -> MessageView:
    """Change your own message."""
    return await messages.edit(tx, message_id, change)


@router.delete("/messages/{message_id}")
async def delete_message(message_id: UUID, tx: InTx) -> MessageView:
    """Delete a message; a tombstone remains."""
    return await messages.delete(tx, message_id)


@router.get("/messages/{message_id}/revisions")
async def message_revisions(message_id: UUID, tx: InTx) -> list[RevisionView]:
    """The texts that it had before."""
    return await messages.revisions(tx, message_id)
