"""The words of the demo that a new organization opens with."""

TITLE = "Start here: how a thread works"
ORIGIN = "demo"
AUTHOR = "DFWorX"

MESSAGES = (
    (
        "Welcome to **{organization}**. This is a *thread*: one subject, one title, everybody live. "
        "Write below and press Enter; whoever has the thread open sees it at once."
    ),
    (
        "Messages are Markdown, and code looks like code:\n\n"
        "```python\nasync def deliver(event: Event) -> None:\n    # try, wait, try again\n"
        '    async for attempt in backoff(seconds=1, most=64):\n        await client.post("/ingest", event)\n```\n\n'
        "- [x] tables, task lists, quotes\n- [x] drafts are kept, also when you close the page\n"
        "- [ ] your first message"
    ),
    (
        "When a subject is settled, **Resolve** the thread; its address stays, and it can be reopened. "
        "New subjects get a thread of their own in a channel. When you have seen enough, "
        "**Remove the demo** takes this thread away."
    ),
)
