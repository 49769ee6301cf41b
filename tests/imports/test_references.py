"""What `#**channel>thread@id**` leads to."""

import json

import pytest

from dfworx.channels import service as channels
from dfworx.channels.validators import NewChannel
from dfworx.imports import service as imports
from dfworx.threads import service as threads
from dfworx.threads.validators import NewThread

pytestmark = pytest.mark.anyio

REALM = "https://acme.zulipchat.com"


@pytest.fixture
async def lab(acting_as, cast, tmp_path):
    """An imported topic, by its id: message 5 names message 6 by its address in the realm."""
    told = f'<p>see <a href="{REALM}/#narrow/stream/9-night-lab/topic/old.20plan/near/6">there</a></p>'
    (tmp_path / "9-night.20lab").mkdir()
    (tmp_path / "9-night.20lab" / "old.20plan.json").write_text(
        json.dumps(
            [
                {"content": text, "id": id_, "sender_full_name": "Ravi", "timestamp": 1_600_000_000 + id_}
                for id_, text in ((5, told), (6, "<p>here</p>"))
            ]
        )
    )
    await imports.zulip_archive(tmp_path, cast.acme, realm=REALM)
    async with acting_as(cast.ada) as tx:
        (channel,) = [each for each in await threads.sidebar(tx) if each.name == "night lab"]
        (thread,) = (await threads.page(tx, channel.id, title="old")).items
    return thread


@pytest.fixture
def find(asking, cast):
    """`find(cast.ben, channel="lab")`: what is answered."""

    async def ask(member, **asked):
        return await asking(member).get(f"/organizations/{cast.slug}/references", params=asked)

    return ask


async def test_an_address_of_the_realm_has_become_a_reference(asking, cast, lab):
    page = (await asking(cast.ben).get(f"/organizations/{cast.slug}/threads/{lab.id}/messages")).json()
    shown = 'data-channel="night-lab" data-thread="old plan" data-message="6"'
    assert shown in page["items"][0]["html"]


async def test_a_message_is_found_by_its_number_whatever_its_thread_is_called(find, cast, lab, acting_as):
    answer = await find(cast.ben, channel="gone", thread="gone", message=6)
    assert answer.json() == {"channel_id": None, "thread_id": str(lab.id), "seq": 2}


async def test_one_that_is_not_here_leads_to_its_thread(find, cast, lab):
    answer = (await find(cast.ben, channel="Night-Lab", thread="✔ Old plan", message=7)).json()
    assert (answer["thread_id"], answer["seq"]) == (str(lab.id), None)


async def test_a_channel(find, cast, lab):
    answer = (await find(cast.ben, channel="night lab")).json()
    assert (answer["channel_id"], answer["thread_id"]) == (str(lab.place_id), None)


@pytest.mark.parametrize("asked", [{"channel": "nowhere"}, {"channel": "night lab", "thread": "none"}])
async def test_what_is_not_here_is_not_found(find, cast, lab, asked):
    assert (await find(cast.ben, **asked)).status_code == 404


async def test_a_private_channel_is_not_found_by_whoever_does_not_see_it(find, cast, acting_as):
    async with acting_as(cast.ada) as tx:
        hidden = await channels.create(tx, NewChannel(name="board", visibility="members"))
        await threads.open_thread(tx, hidden.id, NewThread(title="budget"))
    assert (await find(cast.ada, channel="board", thread="budget")).status_code == 200
    for member in (cast.cy, cast.gus):
        assert (await find(member, channel="board", thread="budget")).status_code == 404


async def test_another_organization_finds_nothing(asking, cast, lab):
    asked = {"channel": "night lab", "message": 6}
    for slug in (cast.slug, cast.eve.slug):
        assert (await asking(cast.eve).get(f"/organizations/{slug}/references", params=asked)).status_code == 404


async def test_nothing_to_look_for_is_said(find, cast):
    assert (await find(cast.ben)).status_code == 422
    assert (await find(cast.ben, channel="a", message="x")).status_code == 422
