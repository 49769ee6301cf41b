"""Somebody who looks after the server: Nina, in no organization."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, insert, text

from dfworx.accounts.models import Session, User
from dfworx.core import clock, ids
from dfworx.core.actor import Actor
from dfworx.core.permissions import Role, ServerRole
from dfworx.imports.models import Import
from tests.cast import Member
from tests.people import configured, empty, fresh_limits, has_password


@pytest.fixture
def nina(admin: Connection) -> Iterator[Member]:
    """A server admin, until the test ends."""
    user = User(email=f"nina-{ids.new_id().hex[-10:]}@example.org", name="Nina Keeper", is_server_admin=True)
    session = Session.start(user.id, clock.now(), timedelta(days=1), "tests", "127.0.0.1")
    for row in (user, session):
        admin.execute(insert(type(row)).values(row.model_dump()))
    nowhere = ids.new_id()
    yield Member(user.name, user.id, session.id, nowhere, nowhere, "nowhere", Role.GUEST, user.email)
    admin.execute(text("update dfworx.users set is_server_admin = false where id = :id"), {"id": user.id})


def imported(admin: Connection, within: UUID, state: str = "failed") -> None:
    """An import of an organization stands."""
    row = Import(organization_id=within, created_at=clock.now(), name="archive.zip", state=state)
    admin.execute(insert(Import).values(row.model_dump()))


def on_server(member: Member) -> Actor:
    """A server admin on the pages of the server."""
    return Actor(member.user_id, member.session_id, member.name, server_role=ServerRole.ADMIN)


def outside(member: Member) -> Actor:
    """A member on a page that belongs to no organization."""
    return replace(member.actor, organization_id=None, membership_id=None, role=None)


__all__ = ["configured", "empty", "fresh_limits", "has_password", "imported", "nina", "on_server", "outside"]
