"""What a transaction asks: rows, one value, and whether it is what was expected."""

import pytest
from sqlalchemy import text

pytestmark = pytest.mark.anyio


async def test_rows_have_their_columns_as_attributes(acting_as, cast):
    async with acting_as(cast.ben) as tx:
        rows = await tx.rows(text("select n, n * n as square from generate_series(1, :most) as n"), {"most": 3})
    assert [(row.n, row.square) for row in rows] == [(1, 1), (2, 4), (3, 9)]


async def test_one_value_has_the_type_that_was_asked_for(acting_as, cast):
    async with acting_as(cast.ben) as tx:
        assert await tx.scalar(str, text("select 'a'")) == "a"
        assert await tx.scalar(str, text("select null")) is None
        assert await tx.scalar(str, text("select 'a' where false")) is None
        with pytest.raises(TypeError, match="1 is no str"):
            await tx.scalar(str, text("select 1"))
