"""Who hears of imports while they go on."""

import pytest

from dfworx.core.errors import NotFound
from dfworx.imports import live, service
from dfworx.imports.events import ImportMoved
from dfworx.live.frames import frames_of
from tests.imports.conftest import packed, topic

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("who", ["ada", "dia"])
async def test_admins_hear_of_the_imports_of_their_organization(acting_as, cast, who):
    async with acting_as(getattr(cast, who)) as tx:
        assert await live.of_page(tx, f"/o/{cast.slug}/admin/imports/") == {f"imports:{cast.acme}"}
        assert await live.may_listen(tx, cast.acme) == str(cast.acme)


@pytest.mark.parametrize("who", ["max", "ben", "gus"])
async def test_nobody_else_hears(acting_as, cast, who):
    async with acting_as(getattr(cast, who)) as tx:
        with pytest.raises(NotFound):
            await live.may_listen(tx, cast.acme)


async def test_an_admin_of_another_organization_does_not_hear(acting_as, cast):
    async with acting_as(cast.eve) as tx:
        with pytest.raises(NotFound):
            await live.may_listen(tx, cast.acme)


async def test_a_page_elsewhere_does_not_ask(acting_as, cast):
    async with acting_as(cast.ada) as tx:
        assert await live.of_page(tx, f"/o/{cast.slug}/admin/people") == set()


async def test_each_step_is_one_frame_to_one_room(asking, acting_as, cast):
    path = f"organizations/{cast.slug}/imports?name=lab.zip"
    made = (await asking(cast.ada).post(path, content=packed(lab__plan=topic("a")))).json()
    async with acting_as(cast.ada) as tx:
        shown = await service.get(tx, made["id"])
    (told,) = frames_of(ImportMoved(shown=shown))
    assert (told.frame.list, told.frame.op, told.frame.item) == ("imports", "put", made)
    assert told.topics == (f"imports:{cast.acme}",)
