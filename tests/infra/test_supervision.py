"""Supervision: who dies comes back; who dies at every start ends it, in a sentence."""

import time

import pytest

from dfworx.infra import supervision


class Candle:
    """Burns for some looks each time it is lit."""

    name = "The candle"
    young = 5.0

    def __init__(self, *lives: int, hopeless: Exception | None = None) -> None:
        self.lives = list(lives)
        self.left = self.lives.pop(0)
        self.lit = 1
        self.hopeless = hopeless

    def is_alive(self) -> bool:
        self.left -= 1
        return self.left >= 0

    def revive(self) -> None:
        self.lit += 1
        if not self.lives:
            raise KeyboardInterrupt
        self.left = self.lives.pop(0)
        if self.left < 0:
            raise OSError("no match")

    def gave_up(self) -> Exception | None:
        return self.hopeless


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long it waited each time, without waiting: a look takes a second."""
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    monkeypatch.setattr(time, "monotonic", lambda: sum(waited) / supervision.LOOK)
    return waited


def test_who_dies_is_revived(waits: list[float]):
    candle = Candle(10, 10, 10)
    with pytest.raises(KeyboardInterrupt):
        supervision.keep([candle])
    assert candle.lit == 4
    assert set(waits) == {supervision.LOOK}, "each had lived long enough to be lit again at once"


def test_who_dies_young_again_and_again_ends_it(waits: list[float]):
    candle = Candle(10, *[1] * 9, hopeless=RuntimeError("the candle is wet"))
    with pytest.raises(RuntimeError, match="the candle is wet"):
        supervision.keep([candle])
    assert candle.lit == 1 + supervision.QUICK_DEATHS
    assert [wait for wait in waits if wait > supervision.LOOK] == [0.5, 1.0, 2.0, 4.0]


def test_who_does_not_start_is_tried_again_where_there_is_hope():
    candle = Candle(10, *[-1] * 20, 10)
    with pytest.raises(KeyboardInterrupt):
        supervision.keep([candle])
    assert candle.lit == 23
