"""Identity: the cookie, and what it is worth."""

from datetime import timedelta
from types import SimpleNamespace

import jwt
import pytest
from starlette.requests import HTTPConnection
from starlette.responses import Response

from dfworx.core import clock, ids
from dfworx.infra.secrets import session_secret
from dfworx.infra.settings import settings
from dfworx.web import identity


@pytest.fixture
def session():
    """A session that lasts an hour."""
    expires = clock.now() + timedelta(hours=1)
    return SimpleNamespace(user_id=ids.new_id(), session_id=ids.new_id(), expires_at=expires)


def _connection(**headers):
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection({"type": "http", "headers": raw, "client": ("10.9.8.7", 1)})


class TestCookie:
    """Its name and flags."""

    def test_on_plain_http_it_goes_without_secure(self, session):
        response = Response()
        identity.remember(response, session)
        assert response.headers["set-cookie"].startswith("dfworx=")
        flags = response.headers["set-cookie"].lower()
        assert all(flag in flags for flag in ("httponly", "samesite=lax", "path=/"))
        assert "secure" not in flags

    def test_on_https_it_is_bound_to_the_host(self, session, configured):
        configured(PUBLIC_URL="https://talk.acme.example")
        response = Response()
        identity.remember(response, session)
        cookie = response.headers["set-cookie"]
        assert cookie.startswith("__Host-dfworx=")
        assert "Secure" in cookie
        assert "Domain" not in cookie

    def test_forgetting_clears_it_and_what_pages_stored(self):
        response = Response()
        identity.forget(response)
        assert "Max-Age=0" in response.headers["set-cookie"]
        assert response.headers["clear-site-data"] == '"storage"'


class TestToken:
    """What it says, and which ones are not believed."""

    def test_it_names_the_person_and_the_session(self, session):
        assert identity.read(identity.token(session)) == identity.Claims(session.user_id, session.session_id)

    def test_the_scope_of_a_socket_shows_it_too(self, session):
        header = f"{identity.cookie_name()}={identity.token(session)}".encode()
        assert identity.session_of({"type": "websocket", "headers": [(b"cookie", header)]}) == session.session_id
        assert identity.session_of({"type": "websocket", "headers": []}) is None

    @pytest.mark.parametrize(
        "flaw", ["other key", "none", "expired", "no sid", "not an id", "garbage", "HS512", "empty"]
    )
    def test_a_flawed_one_is_nobody(self, session, flaw):
        claims = {"sub": str(session.user_id), "sid": str(session.session_id), "exp": session.expires_at}
        secret = session_secret(settings())
        match flaw:
            case "other key":
                token = jwt.encode(claims, "x" * 40, algorithm="HS256")
            case "none":
                token = jwt.encode(claims, None, algorithm="none")
            case "expired":
                token = jwt.encode(claims | {"exp": clock.now() - timedelta(seconds=1)}, secret, algorithm="HS256")
            case "no sid":
                token = jwt.encode({"sub": claims["sub"], "exp": claims["exp"]}, secret, algorithm="HS256")
            case "not an id":
                token = jwt.encode(claims | {"sid": "1 or 1=1"}, secret, algorithm="HS256")
            case "HS512":
                token = jwt.encode(claims, secret * 2, algorithm="HS512")
            case "empty":
                token = ""
            case _:
                token = "a.b.c"
        assert identity.read(token) is None


class TestAddress:
    """Where a request comes from."""

    def test_without_proxies_the_header_is_not_believed(self):
        assert identity.address_of(_connection(x_forwarded_for="1.2.3.4")) == "10.9.8.7"

    @pytest.mark.parametrize(
        ("hops", "address"),
        [(1, "203.0.113.9"), (2, "198.51.100.2"), (5, "1.2.3.4")],
        ids=["one", "two", "more than there are"],
    )
    def test_behind_proxies_it_is_counted_from_the_right(self, configured, hops, address):
        configured(TRUSTED_PROXIES=hops)
        chain = "1.2.3.4, 198.51.100.2, 203.0.113.9"
        assert identity.address_of(_connection(x_forwarded_for=chain)) == address

    def test_behind_proxies_without_the_header_it_is_the_direct_one(self, configured):
        configured(TRUSTED_PROXIES=1)
        assert identity.address_of(_connection()) == "10.9.8.7"
