"""Before the start: what must not run in production is refused, by asking a real Postgres."""

import pytest

from dfworx.infra import preflight
from dfworx.infra.preflight import Facts
from dfworx.infra.settings import Settings, SettingsError

LONG = "x" * 32


def given(url: str, *, env: str = "production", secret: str = LONG) -> Settings:
    return Settings(env=env, secret=secret, database_url=url)


@pytest.fixture
def with_durability(monkeypatch):
    """The tests' own Postgres is not durable; say that it were."""
    monkeypatch.setattr(preflight, "DURABLE", ())


@pytest.mark.usefixtures("with_durability")
def test_a_safe_configuration_may_run(postgres):
    assert preflight.check(given(postgres.url("dfworx_app")), embedded=False) == []


@pytest.mark.usefixtures("with_durability")
def test_a_superuser_is_refused(postgres):
    with pytest.raises(SettingsError, match=f"{postgres.administrator} is a superuser"):
        preflight.check(given(postgres.url(postgres.administrator)), embedded=False)


def test_a_database_that_forgets_is_refused(postgres):
    with pytest.raises(SettingsError, match="fsync, full_page_writes, synchronous_commit must be on"):
        preflight.check(given(postgres.url("dfworx_app")), embedded=True)


def test_development_may_be_unsafe(postgres):
    assert preflight.check(given(postgres.url("postgres"), env="development", secret=""), embedded=True)


@pytest.mark.parametrize("secret", ["", "short"])
def test_a_development_secret_is_refused(postgres, secret):
    with pytest.raises(SettingsError, match="DFWORX_SECRET"):
        preflight.check(given(postgres.url("dfworx_app"), secret=secret), embedded=False)


def test_a_login_that_bypasses_the_policies_may_run_and_is_told(monkeypatch):
    monkeypatch.setattr(preflight, "ask", lambda _url: Facts(17, "postgres", False, True, True, []))
    (warning,) = preflight.check(given("postgresql://h/d"), embedded=False)
    assert "postgres bypasses row-level security" in warning


def test_a_login_that_cannot_serve_people_is_refused(postgres):
    with pytest.raises(SettingsError, match="dfworx_dispatcher cannot become anon and authenticated"):
        preflight.check(given(postgres.url("dfworx_dispatcher")), embedded=False)


def test_an_old_postgres_is_refused(monkeypatch):
    monkeypatch.setattr(preflight, "ask", lambda _url: Facts(14, "app", False, False, True, []))
    with pytest.raises(SettingsError, match="this is Postgres 14"):
        preflight.check(given("postgresql://h/d"), embedded=False)


def test_a_database_that_does_not_answer_is_one_line():
    with pytest.raises(SettingsError, match="DFWORX_DATABASE_URL: no connection") as refused:
        preflight.ask("postgresql+psycopg://a@/d?host=/nowhere")
    assert "\n" not in str(refused.value)


def test_the_dispatchers_login_must_be_able_to_empty_the_outbox(postgres):
    preflight.check_dispatcher(postgres.url("dfworx_dispatcher"))
    with pytest.raises(SettingsError, match="DFWORX_DISPATCHER_URL: the login dfworx_app cannot"):
        preflight.check_dispatcher(postgres.url("dfworx_app"))
