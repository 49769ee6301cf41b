"""Settings: a wrong one is a line that names it, and every one is documented."""

from pathlib import Path

import pytest

from dfworx.infra.settings import Settings, SettingsError, settings, table

ROOT = Path(__file__).parents[2]
PLAIN = {
    "DFWORX_DATABASE_URL": "postgresql://a@h/d", "DFWORX_DATABASE_DIRECT_URL": "", "DFWORX_DISPATCHER_URL": "",
    "DFWORX_DATABASE_POOLER": "none",
}  # fmt: skip


@pytest.fixture
def set_to(monkeypatch):
    """Set a variable and read the settings anew; afterwards as before."""

    def change(**variables: str) -> Settings:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        return settings()

    yield change
    settings.cache_clear()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DFWORX_PORT", "99999"),
        ("DFWORX_PORT", "eighty"),
        ("DFWORX_ENV", "prod"),
        ("DFWORX_DATABASE_URL", "mysql://localhost/x"),
        ("DFWORX_SESSION_DAYS", "0"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(set_to, name, value):
    with pytest.raises(SettingsError) as refused:
        set_to(**{name: value})
    assert str(refused.value).startswith(f"{name}: ")
    assert "\n" not in str(refused.value)


def test_a_password_in_a_wrong_value_is_not_repeated(set_to):
    with pytest.raises(SettingsError) as refused:
        set_to(DFWORX_DATABASE_URL="mysql://ada:hunter2@localhost/x")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_a_database_address_gets_our_driver(set_to, scheme):
    assert set_to(DFWORX_DATABASE_URL=f"{scheme}://a@h/d").database_url == "postgresql+psycopg://a@h/d"


def test_one_database_address_serves_all(set_to):
    given = set_to(**PLAIN)
    assert given.dispatcher_url == given.migration_url == given.database_url


def test_what_listens_goes_past_the_pooler(set_to):
    given = set_to(
        **PLAIN | {"DFWORX_DATABASE_POOLER": "transaction", "DFWORX_DATABASE_DIRECT_URL": "postgresql://a@d/d"}
    )
    assert given.dispatcher_url == given.migration_url == "postgresql+psycopg://a@d/d"


def test_a_pooler_without_a_way_past_it_is_refused(set_to):
    with pytest.raises(SettingsError, match="DFWORX_DATABASE_DIRECT_URL: behind a transaction pooler"):
        set_to(**PLAIN | {"DFWORX_DATABASE_POOLER": "transaction"})


def test_the_documented_table_is_this_one():
    documented = (ROOT / "docs" / "settings.md").read_text()
    assert table() in documented, "run: python -m dfworx settings, and put the table into docs/settings.md"
