"""Every job is safe to run twice: the second time leaves the database as the first one did."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, text

import dfworx.worker  # noqa: F401 - importing declares the jobs
from dfworx.accounts.events import AccountRegistered, PasswordResetAsked, SessionStarted, VerificationAsked
from dfworx.accounts.views import AccountView
from dfworx.core import clock, ids
from dfworx.core.events import Event
from dfworx.core.permissions import Role
from dfworx.decisions.events import MemberDigested, MemberNotified
from dfworx.decisions.models import Decision
from dfworx.decisions.views import DecisionView
from dfworx.imports.events import ImportDiscarded, ImportRequested
from dfworx.imports.models import Import
from dfworx.imports.views import ImportView
from dfworx.infra import jobs
from dfworx.organizations.events import InvitationCreated
from dfworx.organizations.views import InvitationView
from tests.cast import Cast

pytestmark = pytest.mark.anyio


def _invitation(cast: Cast) -> InvitationView:
    now = clock.now()
    return InvitationView(
        id=ids.new_id(), organization_id=cast.acme, role=Role.MEMBER, created_at=now, created_by=cast.ada.membership_id,
        expires_at=now, max_uses=1, uses=0, revoked_at=None, is_valid=True, email="new@example.org",
    )  # fmt: skip


def _import(cast: Cast) -> ImportView:
    """One whose archive is gone."""
    row = Import(organization_id=cast.acme, name="archive.zip", state="discarded")
    return ImportView.of(row, "Ada")


def _decision(cast: Cast) -> DecisionView:
    """One that nobody has stored."""
    row = Decision(
        organization_id=cast.acme, thread_id=cast.retries, created_by=cast.ben.membership_id, number=1, title="One"
    )
    return DecisionView.of(row)


# What each job is run with.
EXAMPLES: dict[type[Event], Callable[[Cast], Event]] = {
    AccountRegistered: lambda cast: AccountRegistered(
        user_id=cast.ben.user_id,
        account=AccountView(id=cast.ben.user_id, email=cast.ben.email, name="Ben", created_at=clock.now()),
    ),
    VerificationAsked: lambda cast: VerificationAsked(user_id=cast.ben.user_id, at=clock.now()),
    PasswordResetAsked: lambda cast: PasswordResetAsked(user_id=cast.ben.user_id, at=clock.now()),
    SessionStarted: lambda cast: SessionStarted(
        user_id=cast.ben.user_id, session_id=cast.ben.session_id, address="192.0.2.1", user_agent="x", at=clock.now()
    ),
    ImportRequested: lambda cast: ImportRequested(shown=_import(cast)),
    ImportDiscarded: lambda cast: ImportDiscarded(shown=_import(cast)),
    MemberNotified: lambda cast: MemberNotified(
        organization_id=cast.acme,
        user_id=cast.ben.user_id,
        membership_id=cast.ben.membership_id,
        decision=_decision(cast),
        kind="accepted",
        by="Ada",
    ),
    MemberDigested: lambda cast: MemberDigested(
        organization_id=cast.acme, user_id=cast.ben.user_id, membership_id=cast.ben.membership_id, at=clock.now()
    ),
    InvitationCreated: lambda cast: InvitationCreated(invitation=_invitation(cast)),
}
JOBS = {declared.name: declared for declared in jobs.declared}


def everything(admin: Connection) -> dict[str, Any]:
    """All rows of all tables, but for times of looking."""
    tables = admin.execute(text("select tablename from pg_tables where schemaname = 'dfworx'")).scalars().all()
    return {
        table: admin.execute(text(f"select to_jsonb(t) - 'last_seen_at' as r from dfworx.{table} t order by 1"))
        .scalars()
        .all()
        for table in tables
    }


@pytest.mark.parametrize("name", sorted(JOBS))
async def test_twice_is_as_good_as_once(name: str, cast: Cast, admin: Connection):
    job = JOBS[name]
    assert job.event in EXAMPLES, f"give an example of what {name} is run with"
    event = EXAMPLES[job.event](cast)
    await job.work(event)
    once = everything(admin)
    await job.work(event)
    assert everything(admin) == once


def test_there_are_jobs():
    assert len(JOBS) >= 5
