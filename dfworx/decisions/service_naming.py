"""The numbers of records in what people wrote, as links: where no script runs that makes them."""

import re
from collections.abc import Mapping

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement

from dfworx.core.permissions import Verb
from dfworx.decisions.repository import Decisions
from dfworx.decisions.service import REFERENCE
from dfworx.infra.database import Tx
from dfworx.infra.markdown import clean

ANY = re.compile(r"DEC-([1-9][0-9]{0,8})")  # however it stands
NO_PLACE = ("a", "code", "pre")  # where a number is no link
MOST = 500  # records that a page leads to

Addresses = Mapping[int, str]  # of records, by their numbers


async def addresses(tx: Tx, text: str) -> Addresses:
    """Those of the records that a text may name (HTML or JSON of it, too), as far as you see them."""
    tx.actor.must(Verb.READ)
    numbers = sorted({int(number) for number in ANY.findall(text)})[:MOST]
    return {row.number: row.address for row in await Decisions(tx).some(numbers) if row.number}


def linked(html: str, known: Addresses, home: str, query: str = "") -> str:
    """The safe HTML of a text, in which each number that is known leads to `home/d/…`, with `query` behind it."""
    if not any(int(number) in known for number in REFERENCE.findall(html)):
        return html
    page = BeautifulSoup(html, "html.parser")
    for words in page.find_all(string=REFERENCE):
        if words.find_parent(NO_PLACE) is None:
            words.replace_with(*_parts(page, str(words), known, f"{home}/d/", query))
    return clean(str(page))


def _parts(page: BeautifulSoup, words: str, known: Addresses, home: str, query: str) -> list[PageElement]:
    at = 0
    parts: list[PageElement] = []
    for found in REFERENCE.finditer(words):
        if address := known.get(int(found[1])):
            link = page.new_tag("a", href=f"{home}{address}{query}", string=found[0])
            parts += [NavigableString(words[at : found.start()]), link]
            at = found.end()
    return [*parts, NavigableString(words[at:])]
