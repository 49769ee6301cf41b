"""Rate limits."""

import pytest

from dfworx.core.errors import TooMany, Unauthenticated
from dfworx.web import limits

pytestmark = pytest.mark.anyio


async def _guess(account, address="192.0.2.1", *, right=False):
    async with limits.guessing(account, address, Unauthenticated):
        if not right:
            raise Unauthenticated


async def _wrong(account, address="192.0.2.1"):
    with pytest.raises(Unauthenticated):
        await _guess(account, address)


class TestSpend:
    """Counting."""

    async def test_it_is_counted_for_each_alone(self):
        for _ in range(3):
            await limits.spend("3/minute", "reads", "ada")
        await limits.spend("3/minute", "reads", "ben")
        with pytest.raises(TooMany) as refused:
            await limits.spend("3/minute", "reads", "ada")
        assert 1 <= refused.value.retry_after <= 60

    async def test_asking_costs_nothing(self):
        for _ in range(5):
            await limits.check("1/minute", "reads", "ada")

    async def test_long_names_are_counted_as_well(self):
        await limits.spend("1/minute", "x" * 1000)
        await limits.spend("1/minute", "x" * 1000 + "y")
        with pytest.raises(TooMany):
            await limits.spend("1/minute", "x" * 1000)


class TestGuessing:
    """Passwords."""

    async def test_an_account_can_be_tried_so_often(self, configured):
        configured(RATE_SIGN_IN_ACCOUNT="2/minute")
        await _wrong("ada")
        await _wrong("ada", "192.0.2.2")
        with pytest.raises(TooMany):
            await _guess("ada", "192.0.2.3", right=True)
        await _wrong("ben")

    async def test_being_right_gives_it_back(self, configured):
        configured(RATE_SIGN_IN_ACCOUNT="2/minute")
        for _ in range(4):
            await _wrong("ada")
            await _guess("ada", right=True)

    async def test_an_address_can_be_wrong_so_often(self, configured):
        configured(RATE_SIGN_IN_ADDRESS="2/minute")
        await _wrong("ada")
        await _wrong("ben")
        with pytest.raises(TooMany):
            await _guess("cy", right=True)
        await _guess("cy", "192.0.2.9", right=True)

    async def test_many_at_once_are_no_way_around(self, configured):
        configured(RATE_SIGN_IN_ACCOUNT="2/minute")
        async with limits.guessing("ada", "a", Unauthenticated), limits.guessing("ada", "b", Unauthenticated):
            with pytest.raises(TooMany):
                await _guess("ada", "c")


class TestRequests:
    """Over REST."""

    async def test_reads_are_counted_by_person(self, asking, cast, configured):
        configured(RATE_READ="2/minute")
        ada = asking(cast.ada)
        assert [(await ada.get("/account")).status_code for _ in range(3)] == [200, 200, 429]
        assert (await asking(cast.ben).get("/account")).status_code == 200

    async def test_writes_are_counted_apart_from_reads(self, asking, cast, configured):
        configured(RATE_WRITE="1/minute")
        ada = asking(cast.ada)
        answers = [await ada.patch("/account", json={"name": "Ada Ferreira"}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 429]
        assert 1 <= int(answers[1].headers["retry-after"]) <= 60
        assert (await ada.get("/account")).status_code == 200

    async def test_nobody_is_counted_by_address(self, asking, configured):
        configured(RATE_READ="1/minute")
        assert [(await asking().get("/setup")).status_code for _ in range(2)] == [200, 429]
