"""The examples of docs/api.md, as they stand there, asked of the application."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.people import SECRET

pytestmark = pytest.mark.anyio

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


class Example(NamedTuple):
    """One request, as curl would send it."""

    method: str
    path: str
    body: str | None


def examples() -> Iterator[Example]:
    """The lines of the shell that begin with `dfworx`."""
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith(("dfworx $", 'dfworx "')):
                _, url, *options = shlex.split(line)
                given = dict(zip(options[::2], options[1::2], strict=True))
                method = given.get("-X", "POST" if "-d" in given else "GET")
                yield Example(method, url.removeprefix("$API"), given.get("-d"))


async def test_they_work_in_their_order(asking, cast, has_password):
    has_password(cast.ben)
    script = asking()
    thread, answers = "", []
    for example in examples():
        path = example.path.replace("acme-robotics", cast.slug).replace("$THREAD", thread)
        body = (example.body or "").replace("ada@acme.example", cast.ben.email).replace("crane orchid 77 sail", SECRET)
        answer = await script.request(
            example.method, path, content=body or None, headers={"content-type": "application/json"}
        )
        assert answer.is_success, answer.text
        answers.append(answer)
        if path.endswith("/sidebar"):
            thread = answer.json()[0]["default_thread_id"]
    assert [answer.status_code for answer in answers] == [201, 200, 201, 200, 204, 200]
    posted, changed = answers[2].json(), answers[3].json()
    assert [message["id"] for message in changed["items"]] == [posted["id"]]


async def test_the_same_key_gives_the_first_message(asking, cast):
    (post,) = (example for example in examples() if "client_key" in (example.body or ""))
    path = post.path.replace("acme-robotics", cast.slug).replace("$THREAD", str(cast.retries))
    first, second = [await asking(cast.ben).post(path, json=json.loads(post.body or "")) for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]


async def test_the_problem_looks_as_shown(asking):
    (shown,) = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))
    answer = await asking().post("/auth/sessions", json={"email": "ada@acme.example"})
    assert answer.json() | {"correlation_id": ""} == shown | {"correlation_id": ""}


async def test_a_change_with_the_cookie_and_no_origin_is_refused(asking, cast):
    script = asking(cast.ben)
    del script.headers["origin"]
    answer = await script.delete("/auth/sessions/current")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:dfworx:problem:foreign-origin")
