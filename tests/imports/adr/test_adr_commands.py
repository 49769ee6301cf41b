"""The commands: a folder in, a folder out."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dfworx.cli_decisions import app as decisions
from dfworx.cli_decisions import ledger_app as ledger
from dfworx.cli_import import app as imports
from dfworx.infra import frontend
from tests.commands import says

RECORD = "# 1. Keep orders\n\nDate: 2021-01-02\n\n## Status\n\nAccepted\n\n## Decision\n\nWe keep them.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "adr").mkdir()
    (tmp_path / "adr" / "0001-keep-orders.md").write_text(RECORD)
    return tmp_path / "adr"


def run(app, *arguments):
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    return done.exit_code, done.output


@pytest.mark.embedded  # another login may be told things about itself before the answer
def test_a_folder_comes_in_once_and_goes_out(cast, folder, tmp_path):
    asked = ("adr", folder, "--organization", cast.slug)
    code, said = run(imports, *asked, "--preview")
    assert (code, said.splitlines()) == (
        0, ["DEC-1  Keep orders (accepted)", "1 would come in, 0 were here already, 0 cannot be read."],
    )  # fmt: skip
    assert run(imports, *asked)[1].endswith("1 came in, 0 were here already, 0 cannot be read.\n")
    assert "DEC-1  Keep orders (accepted, here already)" in run(imports, *asked, "--channel", "general")[1]
    code, said = run(decisions, "export", tmp_path / "out", "--organization", cast.slug)
    assert (code, said) == (0, f"2 files in {tmp_path / 'out'}.\n")
    assert (tmp_path / "out" / "0001-keep-orders.md").read_text() == (
        "---\nstatus: accepted\ndate: 2021-01-02\n---\n# Keep orders\n\n## Decision Outcome\n\nWe keep them.\n"
    )
    chain = json.loads((tmp_path / "out" / "ledger.json").read_text())
    assert run(ledger, "--organization", cast.slug) == (0, f"1 entries, {chain['head']}\n")


@pytest.mark.embedded
def test_what_a_private_channel_decides_goes_out_only_when_it_is_asked_for(cast, folder, tmp_path):
    (tmp_path / "pay").mkdir()
    for number in (2, 3):
        (tmp_path / "pay" / f"000{number}-pay.md").write_text(RECORD.replace("# 1. Keep orders", "# Pay"))
    tail = ("--organization", cast.slug)
    run(imports, "adr", folder, *tail)
    run(imports, "adr", tmp_path / "pay", *tail, "--channel", "hiring")
    stay = "2 records of private channels stay out; --private writes them.\n"
    out = tmp_path / "out"
    assert run(decisions, "export", out, *tail) == (0, f"2 files in {out}.\n{stay}")
    assert {each.name for each in out.iterdir()} == {"0001-keep-orders.md", "ledger.json"}
    assert run(decisions, "export", out, *tail, "--private") == (0, f"4 files in {out}.\n")
    asked = ("sync", folder, *tail, "--preview")
    assert run(decisions, *asked) == (0, f"0 would change, 1 is the same.\n{stay}")
    assert json.loads(run(decisions, *asked, "--json")[1])["left_out"] == 2


@pytest.mark.embedded
def test_a_pipeline_hears_which_decisions_govern_its_files(cast, tmp_path):
    for number, (about, channel) in enumerate((("shop", "general"), ("pay", "hiring")), 1):
        (tmp_path / about).mkdir()
        told = f"---\nstatus: accepted\npaths: [{about}/**]\n---\n# Keep the {about}\n\n## Decision Outcome\n\nSo.\n"
        (tmp_path / about / f"000{number}-{about}.md").write_text(told)
        run(imports, "adr", tmp_path / about, "--organization", cast.slug, "--channel", channel)
    asked = ("applicable", "--organization", cast.slug)
    assert run(decisions, *asked, "docs/index.md", "shopping.py") == (0, "")
    assert run(decisions, *asked, "shop/cart/total.py") == (3, "DEC-1  Keep the shop\n")
    assert run(decisions, *asked, "pay/x.py") == (3, "DEC-2  (a record of a private channel)\n")
    assert run(decisions, *asked, "pay/x.py", "--private") == (3, "DEC-2  Keep the pay\n")
    code, said = run(decisions, *asked, "pay/x.py", "shop/x.py", "--json")
    assert code == 3
    assert [(each["ref"], each.get("title")) for each in json.loads(said)] == [
        ("DEC-1", "Keep the shop"),
        ("DEC-2", None),
    ]


def test_what_cannot_be_read_is_said(cast, folder):
    (folder / "0002-odd.md").write_bytes(b"\xff")
    code, said = run(imports, "adr", folder, "--organization", cast.slug, "--preview")
    assert code == 1
    assert "Skipped 0002-odd.md: It is not UTF-8." in said


@pytest.mark.embedded
@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (("adr", "--channel", ""), "channel: String should have at least 1 character"),
        (("zulip-archive", "--realm", "acme"), "realm: String should match pattern"),
    ],
)
def test_what_is_refused_is_one_line(cast, folder, asked, why):
    code, said = says("import", *asked, folder, "--organization", cast.slug)
    assert (code, said.splitlines()) == (1, [said])
    assert said.startswith(f"dfworx: {why}")


def test_the_commands_are_there():
    command = [sys.executable, "-m", "dfworx", "import", "adr", "--help"]
    assert "--preview" in subprocess.run(command, cwd=frontend.ROOT, check=True, capture_output=True, text=True).stdout
