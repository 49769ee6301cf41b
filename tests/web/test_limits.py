"""Rate limits."""

import pytest

from dfworx.core.errors import TooMany, Unauthenticated
from dfworx.web import limits

pytestmark = pytest.mark.anyio


def _guess(account, address="192.0.2.1", *, right=False):
    with limits.guessing(account, address, Unauthenticated):
        if not right:
            raise Unauthenticated


def _wrong(account, address="192.0.2.1"):
    with pytest.raises(Unauthenticated):
        _guess(account, address)


class TestSpend:
    """Counting."""

    def test_it_is_counted_for_each_alone(self):
        for _ in range(3):
            limits.spend("3/minute", "reads", "ada")
        limits.spend("3/minute", "reads", "ben")
        with pytest.raises(TooMany) as refused:
            limits.spend("3/minute", "reads", "ada")
        assert 1 <= refused.value.retry_after <= 60

    def test_asking_costs_nothing(self):
        for _ in range(5):
            limits.check("1/minute", "reads", "ada")

    def test_long_names_are_counted_as_well(self):
        limits.spend("1/minute", "x" * 1000)
        limits.spend("1/minute", "x" * 1000 + "y")
        with pytest.raises(TooMany):
            limits.spend("1/minute", "x" * 1000)


class TestGuessing:
    """Passwords."""

    def test_an_account_can_be_tried_so_often(self, configured):
        configured(RATE_SIGN_IN_ACCOUNT="2/minute")
        _wrong("ada")
        _wrong("ada", "192.0.2.2")
        with pytest.raises(TooMany):
            _guess("ada", "192.0.2.3", right=True)
        _wrong("ben")

    def test_being_right_gives_it_back(self, configured):
        configured(RATE_SIGN_IN_ACCOUNT="2/minute")
        for _ in range(4):
            _wrong("ada")
            _guess("ada", right=True)

    def test_an_address_can_be_wrong_so_often(self, configured):
        configured(RATE_SIGN_IN_ADDRESS="2/minute")
        _wrong("ada")
        _wrong("ben")
        with pytest.raises(TooMany):
            _guess("cy", right=True)
        _guess("cy", "192.0.2.9", right=True)

    def test_many_at_once_are_no_way_around(self, configured):
        configured(RATE_SIGN_IN_ACCOUNT="2/minute")
        with (
            limits.guessing("ada", "a", Unauthenticated),
            limits.guessing("ada", "b", Unauthenticated),
            pytest.raises(TooMany),
        ):
            _guess("ada", "c")


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
