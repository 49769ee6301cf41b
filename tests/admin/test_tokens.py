"""Personal access tokens of others."""

import pytest
from sqlalchemy import text

from dfworx.accounts import service_tokens as own
from dfworx.accounts.validators_tokens import NewToken
from dfworx.admin import service_accounts as accounts
from dfworx.admin.validators import SessionsAsked
from dfworx.core.errors import Forbidden, NotFound
from dfworx.infra.database import transaction
from tests.admin.conftest import on_server


@pytest.fixture
async def token(acting_as, cast):
    """Ben's, for his scripts."""
    async with acting_as(cast.ben) as tx:
        return await own.create(tx, NewToken(name="release notes", scope="write", days=30))


async def test_an_administrator_sees_it_and_ends_it(acting_as, cast, token, admin):
    async with acting_as(cast.dia) as tx:
        (seen,) = (await accounts.tokens(tx, SessionsAsked())).items
        assert (seen.name, seen.label, seen.scope) == ("Ben Okafor", "release notes", "write")
        await accounts.end_token(tx, token.id)
    async with acting_as(cast.dia) as tx:
        assert (await accounts.tokens(tx, SessionsAsked())).items == []
    ended = text(
        "select user_id from dfworx.audit_events where name = 'accounts.TokenRevoked' and organization_id = :o"
    )
    assert admin.scalars(ended, {"o": cast.acme}).all() == [cast.dia.user_id]


async def test_the_administrator_of_another_organization_does_not_find_it(acting_as, cast, token):
    async with acting_as(cast.eve) as tx:
        assert (await accounts.tokens(tx, SessionsAsked())).items == []
        with pytest.raises(NotFound):
            await accounts.end_token(tx, token.id)


async def test_a_member_may_not(acting_as, cast, token):
    async with acting_as(cast.cy) as tx:
        with pytest.raises(Forbidden):
            await accounts.end_token(tx, token.id)


async def test_a_server_admin_ends_anybody_s(cast, token, nina):
    async with transaction(on_server(nina)) as tx:
        assert token.id in {each.id for each in (await accounts.tokens(tx, SessionsAsked(q="release"))).items}
        await accounts.end_token(tx, token.id)
