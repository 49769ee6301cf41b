"""A made-up Zulip archive of any size, in words of our own: a mix of messages like that of a team of developers."""

import json
import random
from pathlib import Path

TEXT = """
the queue retries after a timeout and then gives up because nobody reads the log of that worker while we deploy so
please look at the pull request before lunch it only renames two functions and adds a test for the parser
"""
WORDS = TEXT.split()
NAMES = ("Grace Kell", "Ravi Menon", "Lena Osei", "Tomas Brandt", "Yuki Arai", "Ines Duarte", "Omar Haddad", "Pia Voss")
TOPIC = 500  # messages of a topic
STREAM = 10  # topics of a stream


def write(folder: Path, messages: int, first: int = 1) -> None:
    """Write so many messages, with ids from `first` on; the same arguments write the same bytes."""
    dice = random.Random(messages)
    for number, start in enumerate(range(first, first + messages, TOPIC)):
        stream = folder / f"{first + number // STREAM}-stream.20{number // STREAM}"
        stream.mkdir(parents=True, exist_ok=True)
        rows = [_message(dice, id_) for id_ in range(start, min(start + TOPIC, first + messages))]
        (stream / f"topic.20{number}.json").write_text(json.dumps(rows))


def _message(dice: random.Random, id_: int) -> dict[str, object]:
    shape = dice.choices((_plain, _code_span, _marks, _block, _listing, _quote), (41, 21, 14, 12, 6, 6))[0]
    sender = dice.choice(NAMES)
    return {"id": id_, "sender_full_name": sender, "timestamp": 1_500_000_000 + 60 * id_, "content": shape(dice)}


def _words(dice: random.Random, most: int = 60) -> str:
    return " ".join(dice.choices(WORDS, k=dice.randint(3, most)))


def _plain(dice: random.Random) -> str:
    return f"<p>{_words(dice).capitalize()}.</p>"


def _code_span(dice: random.Random) -> str:
    return f"<p>{_words(dice).capitalize()} <code>retry_after={dice.randint(1, 99)}</code>, {_words(dice)}</p>"


def _marks(dice: random.Random) -> str:
    link = f'<a href="https://git.example.org/issues/{dice.randint(1, 9999)}">issue</a>'
    return f"<p>{_words(dice)} <strong>{_words(dice, 4)}</strong>, see {link}.</p>\n<p>{_words(dice)}</p>"


def _block(dice: random.Random) -> str:
    lines = "\n".join(f"def step_{n}(queue):\n    return queue.get(timeout={n})" for n in range(dice.randint(1, 8)))
    code = f'<div class="codehilite" data-code-language="Python"><pre><span></span><code>{lines}\n</code></pre></div>'
    return f"<p>{_words(dice)}:</p>\n{code}"


def _listing(dice: random.Random) -> str:
    items = "\n".join(f"<li>{_words(dice, 12)}</li>" for _ in range(dice.randint(2, 6)))
    return f"<p>{_words(dice, 12)}</p>\n<ul>\n{items}\n</ul>"


def _quote(dice: random.Random) -> str:
    mention = f'<span class="user-mention" data-user-id="7">@{dice.choice(NAMES)}</span>'
    return f"<p>{mention} said:</p>\n<blockquote>\n<p>{_words(dice)}</p>\n</blockquote>\n<p>{_words(dice)}</p>"
