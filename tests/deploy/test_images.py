"""The images and what starts them: linted, and true to this checkout. No image is built here: there is no registry."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy import Connection, text

from dfworx import cli
from dfworx.infra import frontend
from dfworx.infra.postgres_cluster import PORT
from dfworx.infra.settings import Settings
from tests.elsewhere.databases import Database, Embedded

ROOT = frontend.ROOT
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE = sorted(DEPLOY.glob("compose*.yaml"))
UNITS = sorted((DEPLOY / "systemd").iterdir())
KNOWN = {f"DFWORX_{name.upper()}" for name in Settings.model_fields}
# Of the compose files themselves: passwords of logins, the release's name, where the certificate lies.
THEIRS = {
    "DFWORX_APP_PASSWORD",
    "DFWORX_MIGRATOR_PASSWORD",
    "DFWORX_DISPATCHER_PASSWORD",
    "DFWORX_RELEASE",
    "DFWORX_TLS",
}
VERBS = {command.name or command.callback.__name__ for command in cli.app.registered_commands if command.callback}


def services(path: Path) -> dict[str, dict[str, Any]]:
    """What a compose file starts, merged as compose merges it."""
    return YAML(typ="safe").load(path)["services"]


def stages() -> dict[str, str]:
    """The stages of the Dockerfile by their names."""
    parts = re.split(r"^FROM \S+ AS (\w+)$", DOCKERFILE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def texts() -> list[Path]:
    """Every file of the folder that names settings."""
    return [path for path in DEPLOY.rglob("*") if path.is_file()]


def test_hadolint_has_nothing_to_say():
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if hadolint is None:
        pytest.skip("hadolint has no wheel for this machine")
    done = subprocess.run([hadolint, str(DEPLOY / "Dockerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_a_compose_file_has_the_shape_of_one(path: Path):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_whatever_is_copied_is_there_and_reaches_the_builder():
    sent = [line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"]
    copied = [words.split()[:-1] for words in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)]
    for source in [each for group in copied for each in group]:
        assert (ROOT / source).exists(), source
        assert source in sent, f"{source} is not in .dockerignore"


def test_the_server_is_not_root_and_says_how_it_is():
    server = stages()["server"]
    assert re.findall(r"^USER (\S+)$", server, re.MULTILINE) == ["10001:10001"]
    assert server.index("USER") < server.index("CMD")
    assert "HEALTHCHECK" in server
    assert "/api/ready" in server


def test_packages_come_by_hash_and_images_by_their_version():
    assert "--require-hashes" in stages()["packages"]
    named = re.findall(r"^FROM (\S+) AS", DOCKERFILE, re.MULTILINE)
    named += [each["image"] for path in COMPOSE for each in services(path).values()]
    for image in named:
        own = image in stages() or image.startswith(("dfworx:", "dfworx-proxy:"))
        assert own or re.fullmatch(r"[\w/.-]+:\d+\.\d+[\w.-]*", image), image


@pytest.mark.parametrize("path", texts(), ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path):
    assert set(re.findall(r"DFWORX_[A-Z]+(?:_[A-Z]+)*", path.read_text())) - THEIRS <= KNOWN


@pytest.mark.parametrize("path", [*COMPOSE, *UNITS, DEPLOY / "Dockerfile", DEPLOY / "README.md"], ids=lambda p: p.name)
def test_every_verb_that_is_named_exists(path: Path):
    named = re.findall(r"-m,? \"?dfworx\"?,? \"?([a-z-]+)", path.read_text().replace('"-m", ', "-m "))
    assert set(named) <= VERBS


def test_the_example_of_an_environment_names_all_that_compose_asks_for():
    asked = set(re.findall(r"\$\{([A-Z_]+)(?::\?[^}]*)?\}", (DEPLOY / "compose.yaml").read_text()))
    given = set(re.findall(r"^([A-Z_]+)=$", (DEPLOY / "example.env").read_text(), re.MULTILINE))
    assert asked <= given


def test_nothing_secret_has_a_default():
    for path in texts():
        assert not re.search(r"\$\{\w*(?:PASSWORD|SECRET)\w*:-", path.read_text()), path.name


@pytest.mark.parametrize("name", ["server-1", "server-2", "worker", "migrate"])
def test_what_runs_our_image_can_do_little_and_is_given_time_to_stop(name: str):
    service = services(DEPLOY / "compose.yaml")[name]
    assert service["read_only"]
    assert service["init"]
    assert service["cap_drop"] == ["ALL"]
    assert service["stop_grace_period"] == "40s"
    assert "ports" not in service


def test_only_the_proxy_is_reached_from_outside():
    open_ = {name for name, service in services(DEPLOY / "compose.yaml").items() if "ports" in service}
    assert open_ == {"proxy"}
    assert services(DEPLOY / "compose.single.yaml")["dfworx"]["ports"] == ["127.0.0.1:8000:8000"]


def test_what_the_proxys_image_changes_in_the_configuration_is_there():
    text = (DEPLOY / "nginx.conf").read_text()
    for pattern in re.findall(r"-e 's[/#](.+?)[/#][^'\n]*'", stages()["proxy"]):
        assert re.search(pattern, text), pattern


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_is_one_that_systemd_understands(path: Path):
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    sections = [line for line in lines if line.startswith("[")]
    assert {"[Unit]"} < set(sections) <= {"[Unit]", "[Service]", "[Timer]", "[Install]"}
    assert all(re.fullmatch(r"\[\w+\]|[A-Z]\w+=\S.*", line) for line in lines)


def test_the_logins_get_their_passwords(postgres: Database, admin: Connection):
    if not isinstance(postgres, Embedded):
        pytest.skip("the programs of the embedded database are used")
    passwords = {f"DFWORX_{name}_PASSWORD": f"it's {name}" for name in ("APP", "MIGRATOR", "DISPATCHER")}
    where = {"PGHOST": str(postgres.server.socket_dir), "PGPORT": str(PORT)}
    path = os.pathsep.join([str(postgres.server.cluster.binaries), os.environ["PATH"]])
    done = subprocess.run(
        [str(DEPLOY / "logins.sh")], env=passwords | where | {"PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    logins = "select rolname from pg_authid where rolpassword is not null and rolname like 'dfworx%' order by 1"
    try:
        assert list(admin.scalars(text(logins))) == ["dfworx_app", "dfworx_dispatcher", "dfworx_migrator"]
    finally:
        for name in ("app", "dispatcher", "migrator"):
            admin.execute(text(f"alter role dfworx_{name} password null"))
