"""The front end's build: it follows the sources, and the page talks to its own origin."""

from pathlib import Path

import pytest

from dfworx.infra import frontend
from dfworx.infra.frontend import BuildError

BUNDLE = 'var e={PING:`http://localhost:8000/ping`,EVENT:"ws://localhost:8000/_event",TRANSPORT:`websocket`};'


@pytest.fixture
def checkout(tmp_path) -> Path:
    """The sources of a small front end."""
    for name in ("dfworx/posts/pages.py", "dfworx/ui/effects.jsx", "assets/logo.svg", "reflex.lock/bun.lock"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(name)
    (tmp_path / "rxconfig.py").write_text("config")
    return tmp_path


@pytest.mark.parametrize("name", ["dfworx/posts/pages.py", "dfworx/ui/effects.jsx", "assets/logo.svg", "rxconfig.py"])
def test_a_changed_source_changes_the_hash(checkout, name):
    before = frontend.sources_hash(checkout)
    (checkout / name).write_text("changed")
    assert frontend.sources_hash(checkout) != before


def test_a_changed_lock_changes_its_hash(checkout):
    before = frontend.lock_hash(checkout)
    (checkout / "reflex.lock" / "bun.lock").write_text("changed")
    assert frontend.lock_hash(checkout) != before


@pytest.mark.parametrize("name", ["dfworx/notes.md", "assets/external/shared.jsx", "README.md"])
def test_other_files_do_not(checkout, name):
    before = frontend.sources_hash(checkout)
    (checkout / name).parent.mkdir(parents=True, exist_ok=True)
    (checkout / name).write_text("new")
    assert frontend.sources_hash(checkout) == before


def test_the_page_talks_to_its_own_origin(tmp_path):
    (tmp_path / "assets").mkdir()
    bundle = tmp_path / "assets" / "reflex-env-1.js"
    bundle.write_text(BUNDLE)
    frontend.use_own_origin(tmp_path)
    assert bundle.read_text() == (
        'var e={PING:location.origin+"/ping",EVENT:location.origin.replace("http","ws")+"/_event",'
        "TRANSPORT:`websocket`};"
    )


def test_a_bundle_without_an_address_stops_the_build(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "reflex-env-1.js").write_text("var e={}")
    with pytest.raises(BuildError, match="no address"):
        frontend.use_own_origin(tmp_path)


def test_the_users_registry_is_taken(tmp_path, monkeypatch):
    monkeypatch.delenv("NPM_CONFIG_REGISTRY", raising=False)
    monkeypatch.delenv("npm_config_registry", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "NPM_CONFIG_REGISTRY" not in frontend.environment()
    (tmp_path / ".npmrc").write_text("fund=false\nregistry = https://npm.acme.example/\n")
    assert frontend.environment()["NPM_CONFIG_REGISTRY"] == "https://npm.acme.example/"


def test_nothing_is_told_or_asked_outside():
    environment = frontend.environment()
    assert environment["REFLEX_TELEMETRY_ENABLED"] == environment["REFLEX_CHECK_LATEST_VERSION"] == "false"
    assert "127.0.0.1" in environment["NO_PROXY"]


def test_the_lock_names_no_registry():
    for path in (frontend.ROOT / "reflex.lock").glob("*"):
        assert "://" not in path.read_text(), f"{path.name} names a host"
