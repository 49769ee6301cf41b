"""Decisions without JavaScript: the same that the app shows, to whoever may see it, and nothing that could run."""

import re

import pytest
from bs4 import BeautifulSoup

from dfworx.core import clock
from dfworx.decisions import service as decisions
from dfworx.decisions import service_ballots as ballots
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions.validators import (
    Change,
    Closing,
    Drawn,
    NewConcern,
    NewDecision,
    Option,
    Proposal,
    Ranking,
    Rule,
    Stand,
)
from dfworx.infra.settings import settings
from dfworx.messages import service as messages
from dfworx.messages.validators import NewMessage
from tests.people import SECRET, fresh_limits, has_password, query_of
from tests.xss import XSS

__all__ = ["fresh_limits", "has_password"]

pytestmark = pytest.mark.anyio

OPTIONS = [
    Option(title="Two `databases`", text="As *now*.", pros=["no **work**"], cons=["two bills"], neutral=["SQL"]),
    Option(title="One database"),
]


@pytest.fixture
def reading(asking):
    """`await reading(cast.ben, "/decisions")`: what a plain page says to Ben."""

    async def read(member, path, status=200):
        answer = await asking(member).get(f"{settings().origin}{path}")
        assert answer.status_code == status, answer.text
        return answer

    return read


@pytest.fixture
async def home(cast):
    return f"/o/{cast.slug}"


async def test_the_register_with_its_picture_and_its_ledger(reading, cast, home, deciding):
    old = await deciding("Two databases")
    await deciding("One database", supersedes=(old,))
    page = (await reading(cast.cy, f"{home}/decisions?plain=1")).text
    assert page.index("One database") < page.index("Two databases")
    assert page.count("<rect") == 2
    assert 'class="edge"' in page
    assert re.search(r"3 entries; .*<code>[0-9a-f]{64}</code>", page)
    links = set(re.findall(rf'"({home}/d/[^"]+)"', page))
    assert len(links) == 2
    for link in links:
        assert "So it is." in (await reading(cast.cy, link)).text


async def test_a_part_of_it_and_a_day_that_has_passed(reading, cast, home, acting_as, deciding):
    await deciding("Two databases")
    async with acting_as(cast.ben) as tx:
        await decisions.draft(tx, NewDecision(title="Only a thought", channel_id=cast.general))

    async def register(query):
        return (await reading(cast.ben, f"{home}/decisions?plain=1{query}")).text

    async def titles(query):
        table = (await register(query)).split("<tbody>")[1].split("</tbody>")
        return re.findall(r'plain=1">([^<]+)</a>', table[0])

    assert await titles("") == ["Only a thought", "Two databases"]
    assert await titles("&show=in-force") == ["Two databases"]
    assert await titles("&show=drafts&title=thought") == ["Only a thought"]
    assert await titles("&show=&title=thought&as_of=") == ["Only a thought"]
    assert await titles(f"&as_of={clock.now().date()}") == ["Two databases"]
    assert await titles("&as_of=2001-01-01") == []
    assert await titles("&title=DEC-01") == ["Two databases"]
    assert "as it stood at the end of <b>1 January 2001</b>" in await register("&as_of=2001-01-01")
    assert "as it stands now" in await register(f"&as_of={clock.now().date()}")
    assert "<rect" in await register("&title=data")
    assert "<rect" not in await register("&title=thought")
    assert "<b>Acme Robotics</b>" in await register("")


async def test_each_part_with_how_many_it_has(reading, cast, home, acting_as, deciding):
    await deciding("Two databases")
    async with acting_as(cast.ben) as tx:
        await decisions.draft(tx, NewDecision(title="Only a thought", channel_id=cast.general))
        await decisions.draft(tx, NewDecision(title="Whom we hire", channel_id=cast.hiring))
    for member, counted in ((cast.ben, "0010023"), (cast.cy, "0010012")):
        page = (await reading(member, f"{home}/decisions?plain=1&title=thought")).text
        assert "".join(re.findall(r'<span class="many">(\d+)</span>', page)) == counted
    assert 'class="many"' not in (await reading(cast.ben, f"{home}/decisions?plain=1&as_of=2001-01-01")).text


async def test_a_record_with_everything_that_belongs_to_it(reading, cast, home, acting_as):
    async with acting_as(cast.ben) as tx:
        said = [await messages.post(tx, cast.retries, NewMessage(source="We pay *twice*."))]
        draft = await decisions.draw(tx, cast.retries, Drawn(message_ids=[each.id for each in said]))
        change = Change(title="One database", version=1, options=OPTIONS, chosen="One database", context="**Money.**")
        await decisions.revise(tx, draft.id, change)
        asked = [cast.cy.membership_id, cast.ada.membership_id]
        await protocol.propose(tx, draft.id, Proposal(asked=asked, rule=Rule(quorum=2, ballot="ranked")))
    async with acting_as(cast.cy) as tx:
        await ballots.rank(tx, draft.id, Ranking(ranking=["One database"]))
        await protocol.stand(tx, draft.id, Stand(stand="disagree", reason="Who migrates?"))
        await protocol.raise_concern(tx, draft.id, NewConcern(title="Nobody migrates", source="It takes *weeks*."))
    page = (await reading(cast.ada, f"{home}/decisions/DEC-1-one-database?plain=1")).text
    assert "<title>DEC-1: One database" in page
    for each in (
        "<dt>Needs</dt><dd>no open concern</dd>", "<dt>Comment</dt><dd>72 hours</dd>",
        "<strong>Money.</strong>", "two bills", "no <strong>work</strong>", "We pay <em>twice</em>.", "Who migrates?",
        "Open concern", "It takes <em>weeks</em>.", "on hold · 1 concern", "1 of 2 answered", "not yet", "<svg",
    ):  # fmt: skip
        assert each in page
    same = (await reading(cast.ada, f"{home}/d/{draft.id}?plain=1")).text
    assert same.partition("<footer>")[0] == page.partition("<footer>")[0]


async def test_numbers_in_it_lead_to_records(reading, cast, home, acting_as, deciding):
    """To what one sees, where the app has links; what they name says so."""
    await deciding("Two databases")
    async with acting_as(cast.ben) as tx:
        hired = await decisions.draft(tx, NewDecision(title="Whom we hire", outcome="A.", channel_id=cast.hiring))
        await protocol.propose(tx, hired.id, Proposal())
        said = "Not:\nDEC-1, DEC-2, xDEC-1, `DEC-1`, [DEC-1](https://a.example) & <b>DEC-1</b>\n\n    DEC-1"
        draft = await decisions.draft(tx, NewDecision(title="One", outcome="Yes.", more=said, channel_id=cast.general))
        await protocol.propose(tx, draft.id, Proposal(template="consent"))
        await protocol.raise_concern(tx, draft.id, NewConcern(title="See DEC-1"))
        await messages.post(tx, cast.retries, NewMessage(source="As in DEC-3."))
        await protocol.reject(tx, draft.id, Closing(reason="For DEC-1."))
    page = (await reading(cast.cy, f"{home}/d/DEC-3?plain=1")).text
    (article,) = BeautifulSoup(page, "lxml").select("article")
    links = [link.text for link in article.select(f'.prose a[href="{home}/d/DEC-1-two-databases?plain=1"]')]
    assert links == ["DEC-1"] * 4  # the reason, the concern, and two in the text
    assert [link.text for link in article.select('.prose a[href^="https:"]')] == ["DEC-1"]
    assert "DEC-2" not in str(article.select("a"))
    assert "&lt;b&gt;" in page
    assert "Open concern" not in page
    assert "open when the record was closed" in page
    assert "<dt>Template</dt><dd>Consent</dd>" in page
    assert re.search(rf'Cited in</h2>.*href="{home}/t/{cast.retries}#m\d+"', page, re.DOTALL)
    named = (await reading(cast.cy, f"{home}/d/DEC-1?plain=1")).text
    assert re.search(r"Cited in</h2>.*<b>DEC-3</b> One</a>", named, re.DOTALL)
    assert f"{home}/d/DEC-2-whom-we-hire?plain=1" in (await reading(cast.ben, f"{home}/d/DEC-3?plain=1")).text


async def test_nothing_in_it_runs(reading, cast, home, acting_as):
    """What people type is text; the page itself needs no script either."""
    bad = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    async with acting_as(cast.ben) as tx:
        options = [Option(title=bad, text=bad, pros=[bad])]
        new = NewDecision(title=bad, channel_id=cast.general, context=bad, options=options, chosen=bad, consulted=bad)
        draft = await decisions.draft(tx, new)
        await protocol.propose(tx, draft.id, Proposal())
        await protocol.raise_concern(tx, draft.id, NewConcern(title=bad, source=bad))
    for path in (
        f"/d/{draft.id}?plain=1",
        "/decisions?plain=1",
        f"/decisions?plain=1&title={bad}",
        f"/c/{bad}?plain=1",
    ):
        answer = await reading(cast.ben, home + path)
        assert "<script" not in answer.text
        assert "<img" not in answer.text
        assert "script-src" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"


async def test_nothing_in_reasons_and_titles_of_concerns_runs(reading, cast, home, acting_as):
    """They are Markdown, and what Markdown does not make is text."""
    async with acting_as(cast.ben) as tx:
        draft = await decisions.draft(tx, NewDecision(title="One", outcome="Yes.", channel_id=cast.general))
        await protocol.propose(tx, draft.id, Proposal(rule=Rule(quorum=1)))
        for payload in XSS:
            title = payload[:200] if payload.isprintable() else "A title"
            await protocol.raise_concern(tx, draft.id, NewConcern(title=title))
        for concern in (await showing.get(tx, draft.id)).concerns:
            await protocol.withdraw_concern(tx, concern.id, Closing(reason=XSS[0] + concern.title))
        await protocol.raise_concern(tx, draft.id, NewConcern(title="Still *open*"))
        await protocol.reject(tx, draft.id, Closing(reason="\n\n".join(XSS)[:4000]))
    page = (await reading(cast.ben, f"{home}/d/{draft.id}?plain=1")).text
    for shown in ("Still <em>open</em>", "&lt;script&gt;alert(1)&lt;/script&gt;"):
        assert shown in page
    (article,) = BeautifulSoup(page, "lxml").select("article")
    assert len(article.select("div.settled")) == len(XSS)
    assert article.select("script, iframe, object, embed, style, form, svg, math, link, base, meta") == []
    for tag in article.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"]
        assert re.match(r"(https?:|mailto:|(?![a-z+.-]+:))", str(tag.get("href", "")), re.IGNORECASE)


async def test_who_may_not_see_it_sees_that_it_does_not_exist(reading, cast, home, acting_as):
    """Neither in the register nor in its picture nor at its address."""
    async with acting_as(cast.ben) as tx:
        draft = await decisions.draft(tx, NewDecision(title="Whom we hire", outcome="Nobody.", channel_id=cast.hiring))
        await protocol.propose(tx, draft.id, Proposal())
    for path in (f"/d/{draft.id}", "/decisions/DEC-1"):
        assert "Whom we hire" in (await reading(cast.ada, f"{home}{path}?plain=1")).text
        answer = await reading(cast.cy, f"{home}{path}?plain=1", 404)
        assert answer.headers["content-type"].startswith("text/html")
        assert "Whom we hire" not in answer.text
    assert "Whom we hire" not in (await reading(cast.cy, f"{home}/decisions?plain=1")).text
    await reading(cast.eve, f"{home}/decisions?plain=1", 404)
    await reading(cast.ada, f"{home}/d/nonsense?plain=1", 404)


async def test_whoever_is_not_signed_in_comes_back_to_the_page(reading, asking, cast, home, has_password):
    wanted = f"{home}/decisions?plain=1"
    sent = await reading(None, wanted, 303)
    assert query_of(sent.headers["location"]) == {"plain": "1", "next": wanted}
    form = await reading(None, sent.headers["location"])
    assert f'name="next" value="{wanted}"' in form.text

    has_password(cast.ben)
    said = {"email": cast.ben.email, "password": SECRET, "next": wanted}
    referer = {"referer": str(form.url)}
    client = asking()
    wrong = await client.post(f"{settings().origin}/auth/sign-in", data=said | {"password": "x" * 12}, headers=referer)
    assert "The e-mail address or the password is not right." in (await reading(None, wrong.headers["location"])).text
    right = await client.post(f"{settings().origin}/auth/sign-in", data=said, headers=referer)
    assert right.headers["location"] == wanted
    assert (await client.get(settings().origin + wanted)).status_code == 200


@pytest.mark.parametrize("path", ["/", "/account", "/o/acme/c/1", "//evil.example/x", "/api/v1/decisions"])
async def test_every_address_has_a_way_on(reading, cast, path):
    """Pages that need a script say so; an address never leads elsewhere."""
    answer = await reading(cast.ben, f"{path}?plain=1", 404 if path.startswith("/api") else 200)
    if path.startswith("/api"):
        assert answer.headers["content-type"] == "application/problem+json"
    else:
        assert "decisions?plain=1" in answer.text or 'href="/?plain=1"' in answer.text
        assert 'href="//' not in answer.text


async def test_without_being_asked_for_it_is_the_page_of_the_app(asking, cast, home):
    """The REST application alone has no pages."""
    assert (await asking(cast.ben).get(f"{settings().origin}{home}/decisions")).status_code == 404
