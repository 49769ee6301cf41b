"""Tags over REST, as a stranger, another tenant, a colleague and an owner find them."""

import pytest

pytestmark = pytest.mark.anyio

NEW = {"name": "Billing", "category": "app", "color": "teal"}


@pytest.fixture
def here(cast) -> str:
    """Acme's address."""
    return f"/organizations/{cast.slug}"


async def test_from_creating_to_deleting(asking, cast, here):
    ada, ben = asking(cast.ada), asking(cast.ben)
    made = (await ada.post(f"{here}/tags", json=NEW)).json()
    assert {**made, "id": ""} == {**NEW, "id": ""}
    assert (await ben.get(f"{here}/tags")).json() == [made]
    hanging = f"{here}/threads/{cast.retries}/tags/{made['id']}"
    assert (await ben.put(hanging)).status_code == 204
    assert (await ben.get(f"{here}/threads/{cast.retries}")).json()["tags"] == [made]
    changed = (await ada.patch(f"{here}/tags/{made['id']}", json={"color": "blue"})).json()
    (thread,) = (await ben.get(f"{here}/channels/{cast.general}/threads", params={"tag": made["id"]})).json()["items"]
    assert (thread["id"], thread["tags"]) == (str(cast.retries), [changed])
    assert (await ben.delete(hanging)).status_code == 204
    assert (await ben.delete(hanging)).status_code == 404
    assert (await ada.delete(f"{here}/tags/{made['id']}")).status_code == 204
    assert (await ada.get(f"{here}/tags")).json() == []


async def test_the_register_by_tags(asking, cast, here):
    ada = asking(cast.ada)
    ids = [(await ada.post(f"{here}/tags", json={**NEW, "name": name})).json()["id"] for name in ("one", "two")]
    new = {"title": "One database", "channel_id": str(cast.general)}
    decision = (await ada.post(f"{here}/decisions", json=new)).json()
    await ada.put(f"{here}/decisions/{decision['id']}/tags/{ids[0]}")
    assert len((await ada.get(f"{here}/decisions", params={"tag": ids[0]})).json()["items"]) == 1
    assert (await ada.get(f"{here}/decisions", params={"tag": ids})).json()["items"] == []
    shown = (await ada.get(f"{here}/decisions/{decision['id']}")).json()
    assert [tag["name"] for tag in shown["tags"]] == ["one"]


async def test_each_caller(asking, cast, here):
    for nick, listing, creating in ((None, 401, 401), ("eve", 404, 404), ("gus", 200, 403), ("ben", 200, 403)):
        client = asking(nick and cast.people[nick])
        assert (await client.get(f"{here}/tags")).status_code == listing
        assert (await client.post(f"{here}/tags", json=NEW)).status_code == creating
    assert (await asking(cast.max).post(f"{here}/tags", json=NEW)).status_code == 201


async def test_a_name_that_is_taken_and_what_is_no_tag(asking, cast, here):
    ada = asking(cast.ada)
    await ada.post(f"{here}/tags", json=NEW)
    taken = await ada.post(f"{here}/tags", json={**NEW, "name": "BILLING"})
    assert (taken.status_code, taken.json()["type"]) == (409, "urn:dfworx:problem:tag-name-taken")
    for wrong in ({"name": "x" * 41}, {"category": "mood"}, {"color": "pink"}):
        assert (await ada.post(f"{here}/tags", json={**NEW, **wrong})).status_code == 422
