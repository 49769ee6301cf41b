"""Whatever the page can ask for is answered from an index, in the order of the answer: nothing is sorted or walked."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql
from sqlmodel import col

from dfworx.audit.models import AuditEvent
from dfworx.audit.repository import asked_for
from dfworx.audit.validators import AuditAsked
from tests.audit.millions import fill, questions

MANY = 30_000


@pytest.fixture
def filled(admin_engine, cast) -> Iterator[Connection]:
    """Many events, seen as an administrator of Acme, gone afterwards."""
    with admin_engine.connect() as connection:
        fill(connection, MANY, cast.acme, cast.umbrella, [cast.ada.user_id, cast.ben.user_id, cast.cy.user_id])
        claims = json.dumps({"sub": str(cast.ada.user_id), "actor": "person"})
        connection.execute(text("select set_config('request.jwt.claims', :c, true)"), {"c": claims})
        connection.execute(text("set local role authenticated"))
        yield connection
        connection.rollback()


def plan(connection: Connection, asked: dict[str, Any], within: Any) -> dict[str, Any]:
    """How Postgres answers a question of the page."""
    query = asked_for(AuditAsked(**asked), within)
    newest = query.order_by(col(AuditEvent.created_at).desc(), col(AuditEvent.id).desc()).limit(51)
    compiled = newest.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    (answer,) = connection.exec_driver_sql(f"explain (format json, analyze) {str(compiled).replace('%', '%%')}").one()
    return answer[0]["Plan"]


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan and all that is in it, without what the policies ask once."""
    yield node
    for child in node.get("Plans", []):
        if child.get("Parent Relationship") != "InitPlan":
            yield from nodes(child)


def test_every_combination_of_filters_has_its_index(filled, cast):
    slow = []
    for on_server in (False, True):
        for asked in questions(cast.ben.user_id, on_server=on_server):
            named = asked | ({"organization_id": cast.acme} if "organization_id" in asked else {})
            found = list(nodes(plan(filled, named, None if on_server else cast.acme)))
            walked = max(node.get("Rows Removed by Filter", 0) for node in found)
            kinds = {node["Node Type"] for node in found}
            if "Seq Scan" in kinds or walked > MANY / 20 or not any("Index" in kind for kind in kinds):
                slow.append((asked, kinds, walked))
    assert slow == []
