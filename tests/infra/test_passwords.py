"""Password hashes."""

import asyncio
import importlib.metadata
import threading

import pytest

from dfworx.core.errors import Unavailable
from dfworx.infra import passwords

pytestmark = pytest.mark.anyio


async def test_a_hash_matches_its_password_alone():
    kept = await passwords.digest("crane orchid 77 sail")
    assert kept.startswith("$argon2id$v=19$m=19456,t=1,p=1$")
    assert await passwords.matches("crane orchid 77 sail", kept)
    assert not await passwords.matches("crane orchid 77 Sail", kept)


@pytest.mark.parametrize("password", ["e\u0301", "\x00null", "😀" * 200, " spaces "])
async def test_every_character_counts(password):
    kept = await passwords.digest(password)
    assert await passwords.matches(password, kept)
    assert not await passwords.matches(password.strip("\x00 ") + "x", kept)


async def test_the_same_password_is_never_hashed_alike():
    assert await passwords.digest("crane orchid") != await passwords.digest("crane orchid")


@pytest.mark.parametrize("kept", [None, "", "plain", "$argon2id$broken"])
async def test_what_is_no_hash_matches_nothing(kept):
    assert not await passwords.matches("", kept)
    assert not await passwords.matches("plain", kept)


async def test_no_more_than_two_are_made_at_once(monkeypatch):
    running, most = 0, 0
    lock = threading.Lock()

    def verify(_password, _kept):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.01)
        with lock:
            running -= 1
        return True

    monkeypatch.setattr(passwords, "_verify", verify)
    await asyncio.gather(*(passwords.matches("x", "y") for _ in range(10)))
    assert most == 2


async def test_a_storm_is_told_to_come_back(monkeypatch):
    monkeypatch.setattr(passwords, "_verify", lambda *_: threading.Event().wait(0.005))
    storm = (passwords.matches("x", "y") for _ in range(passwords.MOST_WAITING + 5))
    answers = await asyncio.gather(*storm, return_exceptions=True)
    assert sum(isinstance(answer, Unavailable) for answer in answers) == 5
    assert await passwords.matches("x", "y") is False


def test_passlib_is_the_kept_fork_alone():
    installed = {distribution.metadata["Name"].lower() for distribution in importlib.metadata.distributions()}
    assert "libpass" in installed
    assert "passlib" not in installed
