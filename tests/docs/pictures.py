"""The pictures of the README: `python -m tests.docs.pictures` serves a small team's workspace and looks at it.

Needs DFWORX_DATA_DIR to be an empty folder, so that nobody's own workspace is touched.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import sync_playwright
from sqlalchemy import NullPool, create_engine, text

from dfworx.infra import browser, frontend, provision, serving
from dfworx.infra.settings import settings

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PASSWORD = "lantern 52 quiet harbor"
SIZE = {"width": 1440, "height": 900}
PEOPLE = {"mara": "Mara Lindt", "jon": "Jon Abara", "sofia": "Sofia Reyes", "tomas": "Tomas Novak"}
CHANNELS = {
    "backend": "The API, the database, the jobs.",
    "frontend": "What people see.",
    "releases": "What goes out, and when.",
}
THREAD = "Retry with jitter, or a dead-letter table?"
TALK = [
    ("mara", 52, ("The importer hit `429 Too Many Requests` from the billing API again last night. 214 jobs ran into "
     "their limit of five tries and were dropped. Nobody noticed until support asked.")),
    ("jon", 49, ("That is our own retry: all of them wait exactly 30 s and come back together.\n\n"
     "```python\nasync def with_retries(job: Job, tries: int = 5) -> None:\n    for attempt in range(tries):\n"
     "        try:\n            return await job.run()\n        except RateLimited:\n"
     '            await asyncio.sleep(30)  # every worker, the same second\n    log.error("dropped %s", job.id)\n```')),
    ("sofia", 44, ("Two separate problems, I think:\n\n1. the **herd**: exponential backoff with full jitter\n"
     "2. the **drop**: after the last try a job must go *somewhere*")),
    ("tomas", 41, ("> after the last try a job must go *somewhere*\n\nA `dead_jobs` table with the payload and the "
     "last error. We can requeue from a query, and an alert is one `count(*)`.")),
    ("mara", 30, ("I measured both on staging with last night's load:\n\n| variant | dropped | p99 until done |\n"
     "|---|--:|--:|\n| fixed 30 s | 214 | 150 s |\n| full jitter, max. 64 s | 3 | 96 s |\n"
     "| full jitter + `dead_jobs` | 0 | 96 s |")),
    ("jon", 12, "Convincing. I take the jitter, @**Tomas Novak** the table?"),
    ("tomas", 9, ("Yes. Migration and the requeue command today:\n\n- [x] table, with an index on `failed_at`\n"
     "- [ ] `jobs requeue --since 2h`\n- [ ] alert when it is not empty for 10 minutes")),
]  # fmt: skip
OTHERS = {
    "backend": [
        ("sofia", "Drop Python 3.10 from the matrix", "Nobody runs it any more, and it costs four minutes a build."),
        ("jon", "Where do request ids come from?", "From the proxy, else we make one: `X-Request-ID`."),
        ("tomas", "Index bloat on `events`", "`pg_repack` took 11 minutes and gave 38 GB back."),
    ],
    "frontend": [
        ("sofia", "Keyboard focus gets lost in dialogs", "Only in Safari. I have a small page that shows it.")
    ],
    "releases": [("mara", "2.4 on Thursday", "Freeze on Wednesday noon, release notes by Tomas.")],
}


DECISION = {
    "title": "Full jitter, and dead jobs in a table",
    "context": "The importer ran into `429 Too Many Requests`: all workers retried **in the same second**, and after "
    "five tries a job was dropped. On 11 March that lost 214 jobs, and nobody noticed.",
    "drivers": "- no job is lost silently\n- the billing API is left alone\n- nothing new to run",
    "options": [
        {
            "title": "Full jitter and a `dead_jobs` table",
            "pros": ["0 of 214 dropped under last night's load", "one `count(*)` is the alert"],
            "cons": ["a table that somebody has to look at"],
        },
        {"title": "Full jitter alone", "pros": ["half a day of work"], "cons": ["still drops 3 of 214"]},
        {"title": "A queue service", "pros": ["dead letters come with it"], "cons": ["one more thing to run"]},
    ],
    "chosen": "Full jitter and a `dead_jobs` table",
    "outcome": "Jobs back off with full jitter, at most 64 s; after the last try they stand in `dead_jobs`.",
    "consequences": "Requeuing is a query. The p99 until done is **96 s** instead of 150 s.",
    "confirmation": "The alert has fired once on staging.",
    "paths": ["importer/**", "migrations/*dead_jobs*"],
    "consulted": "Billing",
}


class Team:
    """The people, each with a REST client of their own."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.clients = {nick: self._client() for nick in PEOPLE}
        self.slug = ""

    def gather(self) -> None:
        """Mara sets the workspace up; the others join by her link."""
        mara = {"name": PEOPLE["mara"], "email": "mara@harbor.example", "password": PASSWORD}
        self.slug = self.ask("mara", "POST", "/setup", **mara, organization="Harbor Labs")["slug"]
        token = self.inside("mara", "POST", "/invitations", max_uses=10)["token"]
        for nick, name in PEOPLE.items():
            if nick != "mara":
                person = {"name": name, "email": f"{nick}@harbor.example", "password": PASSWORD}
                self.ask(nick, "POST", "/accounts", **person, invitation=token)

    def talk(self) -> str:
        """Everybody says their part; the address of the thread."""
        ids = {name: self._channel(name, description) for name, description in CHANNELS.items()}
        for channel, threads in OTHERS.items():
            for nick, title, source in threads:
                self._say(nick, self._thread(nick, ids[channel], title), source)
        thread = self._thread("mara", ids["backend"], THREAD)
        for nick, _, source in TALK:
            self._say(nick, thread, source)
        self.inside("mara", "PUT", f"/threads/{thread}/reading", seq=len(TALK))
        return f"{self.origin}/o/{self.slug}/t/{thread}"

    def decide(self, thread: str) -> str:
        """What three of them said becomes a decision; two agree, a concern is settled; the address of its record."""
        said = self.inside("mara", "GET", f"/threads/{thread}/messages")["items"]
        chosen = [each["id"] for each in said if each["seq"] in {1, 3, 5}]
        draft = self.inside("mara", "POST", f"/threads/{thread}/decisions", message_ids=chosen)
        path = f"/decisions/{draft['id']}"
        self.inside("mara", "PUT", f"{path}/text", version=1, **DECISION)
        members = {each["name"]: each["id"] for each in self.inside("mara", "GET", "/members")["items"]}
        asked = [members[PEOPLE[nick]] for nick in ("jon", "sofia", "tomas")]
        self.inside("mara", "PUT", f"{path}/proposal", asked=asked, template="Consent")
        self.inside("jon", "PUT", f"{path}/position", stand="agree", reason="The staging numbers convince me.")
        concern = {"title": "Who looks at `dead_jobs`?", "source": "An alert that nobody owns is no alert."}
        held = self.inside("sofia", "POST", f"{path}/concerns", **concern)["concerns"][0]["id"]
        reason = "Whoever is on call: it stands in the runbook now."
        self.inside("mara", "PUT", f"/concerns/{held}/resolution", reason=reason)
        self.inside("tomas", "PUT", f"{path}/position", stand="agree")
        return f"{self.origin}/o/{self.slug}/d/{draft['id']}"

    def ask(self, nick: str, method: str, path: str, **body: Any) -> Any:
        """One request below /api/v1."""
        answer = self.clients[nick].request(method, path, json=body)
        return answer.raise_for_status().json() if answer.content else None

    def inside(self, nick: str, method: str, path: str, **body: Any) -> Any:
        """One request in the organization."""
        return self.ask(nick, method, f"/organizations/{self.slug}{path}", **body)

    def _client(self) -> httpx.Client:
        return httpx.Client(base_url=f"{self.origin}/api/v1", headers={"origin": self.origin}, timeout=20)

    def _channel(self, name: str, description: str) -> str:
        return str(self.inside("mara", "POST", "/channels", name=name, description=description)["id"])

    def _thread(self, nick: str, channel: str, title: str) -> str:
        return str(self.inside(nick, "POST", f"/channels/{channel}/threads", title=title)["id"])

    def _say(self, nick: str, thread: str, source: str) -> None:
        self.inside(nick, "POST", f"/threads/{thread}/messages", source=source)


def spread() -> None:
    """Let the conversation have taken most of an hour of this morning."""
    end = datetime.now(UTC).replace(hour=10, minute=30, second=0, microsecond=0)
    move = text(
        """update dfworx.messages m set created_at = :at from dfworx.threads t
           where t.id = m.thread_id and t.title = :title and m.seq = :seq"""
    )
    lasted = text("update dfworx.threads set created_at = :first, last_message_at = :last where title = :title")
    engine = create_engine(settings().migration_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("set local role dfworx_owner"))
        for seq, (_, minutes, _) in enumerate(TALK, 1):
            connection.execute(move, {"at": end - timedelta(minutes=minutes), "title": THREAD, "seq": seq})
        first, last = (end - timedelta(minutes=TALK[at][1]) for at in (0, -1))
        connection.execute(lasted, {"first": first, "last": last, "title": THREAD})


@contextmanager
def window(cookies: Any, scheme: str) -> Iterator[Any]:
    """A browser window of Mara's."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=["--no-sandbox"])
        context = chromium.new_context(viewport=SIZE, color_scheme=scheme, locale="en-US", timezone_id="UTC")
        context.add_cookies(cookies)
        yield context.new_page()
        chromium.close()


def main() -> None:
    """Serve, talk, look."""
    if settings().data_dir.exists() and any(settings().data_dir.iterdir()):
        sys.exit(f"DFWORX_DATA_DIR: {settings().data_dir} is not empty")
    with provision.database() as ready:
        frontend.build()
        with serving.server(ready):
            team = Team(ready.origin)
            team.gather()
            address = team.talk()
            spread()
            record = team.decide(address.rpartition("/")[2])
            for scheme in ("light", "dark"):
                cookies = [
                    {"name": c.name, "value": c.value, "url": ready.origin} for c in team.clients["mara"].cookies.jar
                ]
                with window(cookies, scheme) as page:
                    page.goto(address)
                    page.locator(".app[data-ready=true] [data-list=messages][data-ready=true] article").last.wait_for()
                    page.wait_for_timeout(1500)
                    page.screenshot(path=IMAGES / f"thread-{scheme}.png")
                    page.goto(record)
                    page.locator(".record[data-ready=true] .doc").wait_for()
                    page.wait_for_timeout(1500)
                    page.screenshot(path=IMAGES / f"record-{scheme}.png")


if __name__ == "__main__":
    main()
