"""Nothing is missing: commands, make's targets, events, refusals."""

import re
from pathlib import Path

import pytest
import typer

from dfworx import cli
from tests.docs import generate

ROOT = Path(__file__).parents[2]
TEXT = "\n".join(page.read_text() for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))])
VERBS = sorted(vars(typer.main.get_command(cli.app))["commands"])
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_is_documented(verb):
    assert f"`{verb}`" in TEXT or f"python -m dfworx {verb}" in TEXT


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_of_make_is_documented(target):
    assert f"`make {target}`" in TEXT


@pytest.mark.parametrize("page", generate.PAGES)
def test_what_is_generated_is_up_to_date(page):
    written = (generate.DOCS / page).read_text()
    assert written == generate.PAGES[page](), "run: python -m tests.docs.generate"


def test_no_two_refusals_share_a_type():
    types = [refusal.type() for refusal in generate.refusals()]
    assert sorted(set(types)) == types


def test_every_decision_has_its_headings_and_a_number_of_its_own():
    records = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [record.name[:4] for record in records] == [f"{n:04}" for n in range(1, len(records) + 1)]
    wanted = ["Context and Problem Statement", "Considered Options", "Decision Outcome", "Consequences", "Confirmation"]
    for record in records:
        text = record.read_text()
        assert re.match(r"---\nstatus: \w+\ndate: \d{4}-\d\d-\d\d\n---\n# ", text)
        assert re.findall(r"^##+ (.+)$", text, re.MULTILINE)[:5] == wanted
