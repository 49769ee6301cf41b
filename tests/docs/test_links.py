"""Every link in README.md and docs/ leads to a file, or to a heading in one."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def links() -> Iterator[tuple[Path, str]]:
    """Every link, with the page that it stands on; those to other servers aside."""
    for page in PAGES:
        for found in LINK.finditer(FENCED.sub("", page.read_text())):
            target = found[1] or found[2]
            if not target.startswith(("http:", "https:", "mailto:")):
                yield page, target


@cache
def anchors(page: Path) -> frozenset[str]:
    """What one can link to on a page, made of its headings as GitHub makes it."""
    headings = re.findall(r"^#+ +(.+?) *$", FENCED.sub("", page.read_text()), re.MULTILINE)
    return frozenset(
        re.sub(r"[^\w\- ]", "", re.sub(r"\]\([^)]*\)", "]", h)).strip().lower().replace(" ", "-") for h in headings
    )


@pytest.mark.parametrize(("page", "target"), [pytest.param(*link, id=f"{link[0].name}-{link[1]}") for link in links()])
def test_a_link_leads_somewhere(page, target):
    path, _, anchor = target.partition("#")
    there = (page.parent / path).resolve() if path else page
    assert there.is_relative_to(ROOT)
    assert there.is_file()
    assert not anchor or anchor in anchors(there)


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "README.md"], ids=lambda page: page.name)
def test_every_page_is_linked_from_another(page):
    assert any((at.parent / to.partition("#")[0]).resolve() == page for at, to in links() if at != page)


def test_the_pictures_are_light():
    for picture in (ROOT / "docs" / "images").iterdir():
        assert picture.stat().st_size < 200_000
