"""The words of the demo that a new organization opens with."""

TITLE = "Start here"
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
    "Half a year later nobody knows why it was done like that: the reasons are somewhere in the chat.",
    "Then we write down what we decide, with the messages that it came from, and ask who has something against it.",
    (
        "Two messages above became the evidence of {ref}: it stands at the top of this thread and asks for your "
        "position. Select messages with `x` to make a decision of your own. When you have seen enough, "
        "**Remove the demo** takes all of this away."
    ),
)
EVIDENCE = slice(2, 4)  # of these messages

DECISION = {
    "title": "Adopt DFWorX for our decisions",
    "context": "Why something was decided is spread over chats and heads; whoever joins asks again.",
    "drivers": "- who joins later finds the reasons\n- whoever is concerned is asked before it holds",
    "options": [
        {
            "title": "Records that grow out of the conversation",
            "pros": ["the messages it came from stay with it", "a named concern holds it until it is settled"],
            "cons": ["a habit to learn"],
        },
        {"title": "Go on as before", "pros": ["nothing to learn"], "cons": ["the reasons get lost"]},
    ],
    "chosen": "Records that grow out of the conversation",
    "outcome": "What is costly to change is proposed here. Agree, abstain, disagree, or raise a concern that holds it.",
    "consequences": "- once enough agree and no concern is open, a final comment of 72 hours runs\n"
    "- then it is accepted under its number, and only another record can take its place",
    "confirmation": "In three months we look at it again: did anybody ask twice?",
}
