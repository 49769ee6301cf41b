"""The secret: the operator's, or one that is made once and is private."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from dfworx.infra import secrets
from dfworx.infra.settings import Settings, SettingsError


@pytest.fixture
def nothing_given(tmp_path, monkeypatch) -> Settings:
    """Settings without a secret."""
    monkeypatch.setenv("DFWORX_SECRET", "")
    secrets._kept.cache_clear()
    return Settings(data_dir=tmp_path / "data")


def test_the_operators_secret_is_taken(tmp_path):
    assert secrets.session_secret(Settings(secret="given", data_dir=tmp_path)) == "given"
    assert not list(tmp_path.iterdir())


def test_one_is_made_once(nothing_given):
    first = secrets.session_secret(nothing_given)
    secrets._kept.cache_clear()
    assert secrets.session_secret(nothing_given) == first
    assert len(bytes.fromhex(first)) == 32


def test_it_is_private(nothing_given):
    secrets.session_secret(nothing_given)
    assert stat.S_IMODE((nothing_given.data_dir / "secret").stat().st_mode) == 0o600
    assert len(list(nothing_given.data_dir.iterdir())) == 1


def test_starting_twice_at_once_gives_one_secret(nothing_given):
    path = nothing_given.data_dir / "secret"
    path.parent.mkdir()

    def make(_turn: int) -> str:
        secrets._make(path)
        return path.read_text()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(8)))) == 1


def test_a_secret_that_others_can_read_is_refused(nothing_given):
    secrets.session_secret(nothing_given)
    (nothing_given.data_dir / "secret").chmod(0o644)
    secrets._kept.cache_clear()
    with pytest.raises(SettingsError, match="others may read"):
        secrets.session_secret(nothing_given)
