"""Every operation of the API, asked by nobody, a stranger, a guest, a member and the owner: what each is answered."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from dfworx.api import create_api
from dfworx.infra.settings import settings
from tests.security.furnished import Furnished, furnish

pytestmark = pytest.mark.anyio

# method, path below /api; O is /v1/organizations/{organization}
# | nobody | Eve of Umbrella | Gil, a guest | Ben, a member | Ada, the owner
# Each asks with a cast of its own: about #general, "Retries …", a message and a session of Ben's, Cy's membership.
TABLE = """
GET    /health                                              | 200 | 200 | 200 | 200 | 200
GET    /ready                                               | 200 | 200 | 200 | 200 | 200
GET    /v1/account                                          | 401 | 200 | 200 | 200 | 200
PATCH  /v1/account                                          | 401 | 200 | 200 | 200 | 200
PUT    /v1/account/presence                                 | 401 | 200 | 200 | 200 | 200
PUT    /v1/account/digest                                   | 401 | 200 | 200 | 200 | 200
PUT    /v1/account/password                                 | 401 | 422 | 422 | 422 | 422
POST   /v1/account/verification                             | 401 | 202 | 202 | 202 | 202
POST   /v1/auth/verifications                               | 422 | 422 | 422 | 422 | 422
POST   /v1/auth/password-resets                             | 202 | 202 | 202 | 202 | 202
PUT    /v1/auth/password-resets                             | 422 | 422 | 422 | 422 | 422
GET    /v1/auth/sessions                                    | 401 | 200 | 200 | 200 | 200
POST   /v1/auth/sessions                                    | 401 | 401 | 401 | 401 | 401
DELETE /v1/auth/sessions                                    | 401 | 204 | 204 | 204 | 204
DELETE /v1/auth/sessions/current                            | 401 | 204 | 204 | 204 | 204
POST   /v1/auth/token                                       | 401 | 401 | 401 | 401 | 401
POST   /v1/auth/token/revocation                            | 204 | 204 | 204 | 204 | 204
GET    /v1/account/tokens                                   | 401 | 200 | 200 | 200 | 200
POST   /v1/account/tokens                                   | 401 | 201 | 201 | 201 | 201
DELETE /v1/account/tokens/{token_id}                        | 401 | 404 | 404 | 204 | 404
DELETE /v1/auth/sessions/{session_id}                       | 401 | 404 | 404 | 204 | 404
GET    /v1/setup                                            | 200 | 200 | 200 | 200 | 200
POST   /v1/setup                                            | 409 | 409 | 409 | 409 | 409
POST   /v1/accounts                                         | 403 | 403 | 403 | 403 | 403
GET    /v1/invitations/{token}                              | 200 | 200 | 200 | 200 | 200
PUT    /v1/invitations/{token}/acceptance                   | 401 | 200 | 200 | 200 | 200
GET    /v1/organizations                                    | 401 | 200 | 200 | 200 | 200
POST   /v1/organizations                                    | 401 | 201 | 201 | 201 | 201
GET    O                                                    | 401 | 404 | 200 | 200 | 200
PATCH  O                                                    | 401 | 404 | 403 | 403 | 200
GET    O/members                                            | 401 | 404 | 200 | 200 | 200
DELETE O/members/me                                         | 401 | 404 | 204 | 204 | 409
GET    O/members/{membership_id}                            | 401 | 404 | 200 | 200 | 200
PATCH  O/members/{membership_id}                            | 401 | 404 | 403 | 403 | 200
DELETE O/members/{membership_id}                            | 401 | 404 | 403 | 403 | 204
POST   O/members/{membership_id}/reset-link                 | 401 | 404 | 403 | 403 | 201
POST   O/invitations                                        | 401 | 404 | 403 | 403 | 201
GET    O/invitations                                        | 401 | 404 | 403 | 403 | 200
DELETE O/invitations/{invitation_id}                        | 401 | 404 | 403 | 403 | 204
GET    O/tags                                               | 401 | 404 | 200 | 200 | 200
POST   O/tags                                               | 401 | 404 | 403 | 403 | 201
PATCH  O/tags/{tag_id}                                      | 401 | 404 | 403 | 403 | 200
DELETE O/tags/{tag_id}                                      | 401 | 404 | 403 | 403 | 204
PUT    O/threads/{thread_id}/tags/{tag_id}                  | 401 | 404 | 403 | 204 | 204
DELETE O/threads/{thread_id}/tags/{tag_id}                  | 401 | 404 | 403 | 204 | 204
PUT    O/decisions/{decision_id}/tags/{tag_id}              | 401 | 404 | 403 | 204 | 204
DELETE O/decisions/{decision_id}/tags/{tag_id}              | 401 | 404 | 403 | 204 | 204
GET    O/channels                                           | 401 | 404 | 200 | 200 | 200
POST   O/channels                                           | 401 | 404 | 403 | 201 | 201
GET    O/channels/{channel_id}                              | 401 | 404 | 200 | 200 | 200
PATCH  O/channels/{channel_id}                              | 401 | 404 | 403 | 403 | 200
PUT    O/channels/{channel_id}/archival                     | 401 | 404 | 403 | 403 | 200
DELETE O/channels/{channel_id}/archival                     | 401 | 404 | 403 | 403 | 200
GET    O/channels/{channel_id}/members                      | 401 | 404 | 200 | 200 | 200
PUT    O/channels/{channel_id}/members/{membership_id}      | 401 | 404 | 403 | 403 | 204
DELETE O/channels/{channel_id}/members/{membership_id}      | 401 | 404 | 403 | 403 | 404
GET    O/authors                                            | 401 | 404 | 200 | 200 | 200
PUT    O/members/{membership_id}/claim                      | 401 | 404 | 403 | 409 | 409
DELETE O/members/{membership_id}/claim                      | 401 | 404 | 403 | 403 | 200
PUT    O/members/{membership_id}/claimant                   | 401 | 404 | 403 | 403 | 404
GET    O/unread                                             | 401 | 404 | 200 | 200 | 200
GET    O/presence                                           | 401 | 404 | 403 | 200 | 200
GET    O/sidebar                                            | 401 | 404 | 200 | 200 | 200
GET    O/channels/{channel_id}/threads                      | 401 | 404 | 200 | 200 | 200
POST   O/channels/{channel_id}/threads                      | 401 | 404 | 201 | 201 | 201
GET    O/threads/{thread_id}                                | 401 | 404 | 200 | 200 | 200
PATCH  O/threads/{thread_id}                                | 401 | 404 | 403 | 403 | 200
PUT    O/threads/{thread_id}/channel                        | 401 | 404 | 403 | 403 | 404
PUT    O/threads/{thread_id}/resolution                     | 401 | 404 | 403 | 200 | 200
DELETE O/threads/{thread_id}/resolution                     | 401 | 404 | 403 | 409 | 409
DELETE O/threads/{thread_id}/demo                           | 401 | 404 | 403 | 403 | 403
PUT    O/threads/{thread_id}/typing                         | 401 | 404 | 204 | 204 | 204
PUT    O/threads/{thread_id}/reading                        | 401 | 404 | 204 | 204 | 204
GET    O/threads/{thread_id}/messages                       | 401 | 404 | 200 | 200 | 200
POST   O/threads/{thread_id}/messages                       | 401 | 404 | 201 | 201 | 201
GET    O/threads/{thread_id}/markdown                       | 401 | 404 | 200 | 200 | 200
GET    O/threads/{thread_id}/changes                        | 401 | 404 | 200 | 200 | 200
GET    O/messages/{message_id}                              | 401 | 404 | 200 | 200 | 200
PATCH  O/messages/{message_id}                              | 401 | 404 | 403 | 200 | 403
DELETE O/messages/{message_id}                              | 401 | 404 | 403 | 200 | 200
GET    O/messages/{message_id}/revisions                    | 401 | 404 | 200 | 200 | 200
GET    O/decisions                                          | 401 | 404 | 200 | 200 | 200
POST   O/decisions                                          | 401 | 404 | 403 | 404 | 404
GET    O/decision-templates                                 | 401 | 404 | 200 | 200 | 200
POST   O/decision-templates                                 | 401 | 404 | 403 | 403 | 201
PUT    O/decision-templates/{template_id}                   | 401 | 404 | 403 | 403 | 200
POST   O/decision-templates/{template_id}/moves             | 401 | 404 | 403 | 403 | 200
DELETE O/decision-templates/{template_id}                   | 401 | 404 | 403 | 403 | 204
GET    O/decisions/counts                                   | 401 | 404 | 200 | 200 | 200
GET    O/decisions/waiting                                  | 401 | 404 | 200 | 200 | 200
GET    O/decisions/named                                    | 401 | 404 | 200 | 200 | 200
GET    O/decisions/applicable                               | 401 | 404 | 200 | 200 | 200
GET    O/decisions/similar                                  | 401 | 404 | 200 | 200 | 200
GET    O/decisions/due                                      | 401 | 404 | 200 | 200 | 200
GET    O/decisions/as-of                                    | 401 | 404 | 200 | 200 | 200
GET    O/inbox                                              | 401 | 404 | 200 | 200 | 200
PUT    O/decisions/{decision_id}/confirmation               | 401 | 404 | 403 | 200 | 200
GET    O/threads/{thread_id}/staleness                      | 401 | 404 | 200 | 200 | 200
PUT    O/threads/{thread_id}/confirmation                   | 401 | 404 | 403 | 204 | 204
GET    O/decisions/timeline                                 | 401 | 404 | 200 | 200 | 200
GET    O/decisions/export                                   | 401 | 404 | 200 | 200 | 200
POST   O/decisions/import                                   | 401 | 404 | 403 | 403 | 422
GET    O/decisions/numbered/{number}                        | 401 | 404 | 200 | 200 | 200
GET    O/decisions/{decision_id}                            | 401 | 404 | 200 | 200 | 200
GET    O/decisions/{decision_id}/markdown                   | 401 | 404 | 200 | 200 | 200
PUT    O/decisions/{decision_id}/text                       | 401 | 404 | 403 | 200 | 200
GET    O/decisions/{decision_id}/revisions                  | 401 | 404 | 200 | 200 | 200
PUT    O/decisions/{decision_id}/revisions/{version}/restoration | 401 | 404 | 403 | 200 | 200
POST   O/decisions/{decision_id}/amendments                 | 401 | 404 | 403 | 201 | 201
GET    O/decisions/{decision_id}/asking                     | 401 | 404 | 403 | 200 | 200
POST   O/decisions/{decision_id}/asking                     | 401 | 404 | 403 | 201 | 201
PUT    O/decisions/{decision_id}/proposal                   | 401 | 404 | 403 | 409 | 409
PUT    O/decisions/{decision_id}/position                   | 401 | 404 | 403 | 200 | 403
GET    O/decisions/{decision_id}/positions                  | 401 | 404 | 200 | 200 | 200
POST   O/decisions/{decision_id}/concerns                   | 401 | 404 | 201 | 201 | 201
POST   O/concerns/{concern_id}/replies                      | 401 | 404 | 201 | 201 | 201
PUT    O/concerns/{concern_id}/withdrawal                   | 401 | 404 | 403 | 200 | 403
PUT    O/concerns/{concern_id}/resolution                   | 401 | 404 | 403 | 200 | 200
GET    O/decisions/{decision_id}/comparison                 | 401 | 404 | 200 | 200 | 200
PUT    O/decisions/{decision_id}/scores                     | 401 | 404 | 409 | 409 | 409
PUT    O/decisions/{decision_id}/ranking                    | 401 | 404 | 409 | 409 | 409
PUT    O/decisions/{decision_id}/rejection                  | 401 | 404 | 403 | 200 | 200
PUT    O/decisions/{decision_id}/withdrawal                 | 401 | 404 | 403 | 200 | 200
PUT    O/decisions/{decision_id}/deprecation                | 401 | 404 | 403 | 409 | 409
GET    O/threads/{thread_id}/decisions                      | 401 | 404 | 200 | 200 | 200
GET    O/threads/{thread_id}/evidence                       | 401 | 404 | 200 | 200 | 200
POST   O/threads/{thread_id}/decisions                      | 401 | 404 | 403 | 201 | 201
GET    O/ledger                                             | 401 | 404 | 403 | 403 | 200
GET    O/ledger/head                                        | 401 | 404 | 200 | 200 | 200
GET    O/palette                                            | 401 | 404 | 200 | 200 | 200
GET    O/references                                         | 401 | 404 | 422 | 422 | 422
GET    O/imports                                            | 401 | 404 | 403 | 403 | 200
POST   O/imports                                            | 401 | 404 | 403 | 403 | 422
GET    O/imports/{import_id}                                | 401 | 404 | 403 | 403 | 200
PUT    O/imports/{import_id}/stop                           | 401 | 404 | 403 | 403 | 409
PUT    O/imports/{import_id}/resumption                     | 401 | 404 | 403 | 403 | 409
DELETE O/imports/{import_id}                                | 401 | 404 | 403 | 403 | 409
GET    O/audit                                              | 401 | 404 | 403 | 403 | 200
GET    O/audit/export                                       | 401 | 404 | 403 | 403 | 200
GET    O/admin/attention                                    | 401 | 404 | 403 | 403 | 200
GET    /v1/admin/attention                                  | 401 | 403 | 403 | 403 | 403
GET    O/admin/figures                                      | 401 | 404 | 403 | 403 | 200
GET    /v1/admin/figures                                    | 401 | 403 | 403 | 403 | 403
GET    /v1/admin/health                                     | 401 | 403 | 403 | 403 | 403
GET    /v1/admin/queue                                      | 401 | 403 | 403 | 403 | 403
GET    /v1/admin/jobs                                       | 401 | 403 | 403 | 403 | 403
PUT    /v1/admin/jobs/{job_id}/retry                        | 401 | 403 | 403 | 403 | 403
DELETE /v1/admin/jobs/{job_id}                              | 401 | 403 | 403 | 403 | 403
GET    /v1/admin/settings                                   | 401 | 403 | 403 | 403 | 403
PUT    /v1/admin/settings/{name}                            | 401 | 403 | 403 | 403 | 403
DELETE /v1/admin/settings/{name}                            | 401 | 403 | 403 | 403 | 403
GET    /v1/admin/audit                                      | 401 | 403 | 403 | 403 | 403
GET    /v1/admin/audit/export                               | 401 | 403 | 403 | 403 | 403
GET    O/admin/people                                       | 401 | 404 | 403 | 403 | 200
GET    O/admin/people/{user_id}                             | 401 | 404 | 403 | 403 | 200
DELETE O/admin/people/{user_id}/sessions                    | 401 | 404 | 403 | 403 | 204
GET    O/admin/sessions                                     | 401 | 404 | 403 | 403 | 200
DELETE O/admin/sessions/{session_id}                        | 401 | 404 | 403 | 403 | 204
GET    O/admin/tokens                                       | 401 | 404 | 403 | 403 | 200
DELETE O/admin/tokens/{token_id}                            | 401 | 404 | 403 | 403 | 204
GET    O/admin/permissions                                  | 401 | 404 | 403 | 403 | 200
GET    O/admin/explanation                                  | 401 | 404 | 403 | 403 | 200
GET    /v1/admin/permissions                                | 401 | 403 | 403 | 403 | 403
GET    /v1/admin/explanation                                | 401 | 403 | 403 | 403 | 403
GET    O/admin/invitations                                  | 401 | 404 | 403 | 403 | 200
GET    /v1/admin/people                                     | 401 | 403 | 403 | 403 | 403
GET    /v1/admin/people/{user_id}                           | 401 | 403 | 403 | 403 | 403
PUT    /v1/admin/people/{user_id}/server-admin              | 401 | 403 | 403 | 403 | 403
DELETE /v1/admin/people/{user_id}/server-admin              | 401 | 403 | 403 | 403 | 403
PUT    /v1/admin/people/{user_id}/deactivation              | 401 | 403 | 403 | 403 | 403
DELETE /v1/admin/people/{user_id}/deactivation              | 401 | 403 | 403 | 403 | 403
POST   /v1/admin/people/{user_id}/reset-link                | 401 | 403 | 403 | 403 | 403
DELETE /v1/admin/people/{user_id}/sessions                  | 401 | 403 | 403 | 403 | 403
GET    /v1/admin/sessions                                   | 401 | 403 | 403 | 403 | 403
DELETE /v1/admin/sessions/{session_id}                      | 401 | 403 | 403 | 403 | 403
GET    /v1/admin/tokens                                     | 401 | 403 | 403 | 403 | 403
DELETE /v1/admin/tokens/{token_id}                          | 401 | 403 | 403 | 403 | 403
GET    /v1/admin/organizations                              | 401 | 403 | 403 | 403 | 403
GET    /v1/admin/organizations/{organization_id}            | 401 | 403 | 403 | 403 | 403
PATCH  /v1/admin/organizations/{organization_id}            | 401 | 403 | 403 | 403 | 403
PATCH  /v1/admin/memberships/{membership_id}                | 401 | 403 | 403 | 403 | 403
GET    /v1/admin/invitations                                | 401 | 403 | 403 | 403 | 403
DELETE /v1/admin/invitations/{invitation_id}                | 401 | 403 | 403 | 403 | 403
"""
PUBLIC = {
    "GET /health", "GET /ready", "GET /v1/setup", "POST /v1/setup", "POST /v1/accounts", "POST /v1/auth/sessions",
    "GET /v1/invitations/{token}", "POST /v1/auth/verifications", "POST /v1/auth/password-resets",
    "PUT /v1/auth/password-resets", "POST /v1/auth/token", "POST /v1/auth/token/revocation",
}  # fmt: skip
CALLERS = (None, "eve", "gil", "ben", "ada")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
PASSWORD = "plover harvest 92 quiet"
BODIES: dict[str, dict[str, Any]] = {
    "PATCH /v1/account": {"name": "Another Name"},
    "PUT /v1/account/presence": {"is_shown": False},
    "PUT /v1/account/digest": {"is_wanted": True},
    "PUT /v1/account/password": {"current_password": "not it at all", "new_password": PASSWORD},
    "POST /v1/auth/verifications": {"token": "none of ours"},
    "POST /v1/auth/password-resets": {"email": "nobody@example.org"},
    "PUT /v1/auth/password-resets": {"token": "none of ours", "new_password": "walrus velvet 31 moon"},
    "POST /v1/auth/sessions": {"email": "nobody@example.org", "password": "not it at all"},
    "POST /v1/auth/token": {"grant_type": "password", "username": "nobody@example.org", "password": "not it at all"},
    "POST /v1/auth/token/revocation": {"token": "none of ours"},
    "POST /v1/account/tokens": {"name": "deploy script"},
    "POST /v1/setup": {"name": "A", "email": "a@example.org", "password": PASSWORD, "organization": "A"},
    "POST /v1/accounts": {"name": "A", "email": "a@example.org", "password": PASSWORD},
    "POST /v1/organizations": {"name": "Initech"},
    "PATCH /v1/admin/organizations/{organization_id}": {"name": "Umbrella Again"},
    "PATCH /v1/admin/memberships/{membership_id}": {"role": "moderator"},
    "PATCH O": {"name": "Acme Again"},
    "PATCH O/members/{membership_id}": {"role": "moderator"},
    "PUT O/members/{membership_id}/claimant": {"membership_id": "00000000-0000-0000-0000-000000000000"},
    "POST O/invitations": {"role": "member"},
    "POST O/tags": {"name": "security"},
    "PATCH O/tags/{tag_id}": {"color": "purple"},
    "POST O/channels": {"name": "platform"},
    "PATCH O/channels/{channel_id}": {"name": "everything"},
    "POST O/channels/{channel_id}/threads": {"title": "A question"},
    "PATCH O/threads/{thread_id}": {"title": "Another title"},
    "PUT O/threads/{thread_id}/channel": {"channel_id": "00000000-0000-0000-0000-000000000000"},
    "PUT O/threads/{thread_id}/reading": {"seq": 1},
    "POST O/threads/{thread_id}/messages": {"source": "hello"},
    "PATCH O/messages/{message_id}": {"source": "hello again"},
    "POST O/decisions": {"title": "One database", "channel_id": "00000000-0000-0000-0000-000000000000"},
    "POST O/decision-templates": {"name": "Two reviewers"},
    "PUT O/decision-templates/{template_id}": {"name": "Two reviewers"},
    "POST O/decision-templates/{template_id}/moves": {"to": "down"},
    "PUT O/decisions/{decision_id}/text": {"title": "One database", "version": 1},
    "POST O/decisions/{decision_id}/amendments": {"title": "One database", "version": 1, "note": "A letter."},
    "POST O/decisions/{decision_id}/asking": {"asked_roles": ["moderator"]},
    "PUT O/decisions/{decision_id}/proposal": {},
    "PUT O/decisions/{decision_id}/position": {"stand": "agree"},
    "POST O/decisions/{decision_id}/concerns": {"title": "Who pays?"},
    "POST O/concerns/{concern_id}/replies": {"source": "The platform team."},
    "PUT O/concerns/{concern_id}/withdrawal": {"reason": "It is clear now."},
    "PUT O/concerns/{concern_id}/resolution": {"reason": "It is clear now."},
    "PUT O/decisions/{decision_id}/rejection": {"reason": "It costs too much."},
    "PUT O/decisions/{decision_id}/withdrawal": {"reason": "It costs too much."},
    "PUT O/decisions/{decision_id}/deprecation": {"reason": "It costs too much."},
    "POST O/threads/{thread_id}/decisions": {},
    "PUT O/decisions/{decision_id}/scores": {"scores": {"One": 5}},
    "PUT O/decisions/{decision_id}/ranking": {"ranking": ["One"]},
    "PUT O/decisions/{decision_id}/confirmation": {},
    "PUT /v1/admin/settings/{name}": {"value": "open"},
}


def operations() -> list[str]:
    """What the OpenAPI document offers, as `METHOD /path`."""
    paths = create_api().openapi()["paths"]
    return [f"{method.upper()} {_short(path)}" for path, item in paths.items() for method in item]


def _short(path: str) -> str:
    return path.removeprefix("/api").replace("/v1/organizations/{organization}", "O")


def declared() -> dict[str, list[str]]:
    """The table: what each caller is answered, by operation."""
    rows = [[part.strip() for part in line.split("|")] for line in TABLE.strip().splitlines()]
    return {" ".join(row[0].split()): row[1:] for row in rows}


@pytest.fixture
def furnishing(admin_engine: Engine):
    """A new furnished cast at every call."""

    def make() -> Furnished:
        with admin_engine.begin() as connection:
            return furnish(connection)

    return make


async def ask(client: httpx.AsyncClient, operation: str, house: Furnished, **options: Any) -> httpx.Response:
    """Perform an operation about Acme's things."""
    method, path = operation.split(" ")
    address = "/api" + path.replace("O", "/v1/organizations/{organization}", 1) if path[0] == "O" else "/api" + path
    values = {
        "organization": house.cast.slug,
        "channel_id": house.cast.general,
        "thread_id": house.cast.retries,
        "message_id": bens_message(house),
        "membership_id": house.person("cy").membership_id,
        "organization_id": house.cast.umbrella,
        "user_id": house.person("cy").user_id,
        "session_id": house.person("ben").session_id,
        "invitation_id": house.invitation,
        "import_id": house.rows["imports"]["acme"][0]["id"],
        "decision_id": house.one("decisions"),
        "concern_id": house.one("concerns"),
        "tag_id": house.one("tags"),
        "template_id": house.one("decision_templates"),
        "number": 1,
        "version": 1,
        "token": house.token,
        "job_id": 1,
        "name": "registration",
        "token_id": next(
            t["id"] for _, t in house.everything("personal_tokens") if t["user_id"] == house.person("ben").user_id
        ),
    }
    options.setdefault("json", BODIES.get(operation))
    query: dict[str, Any] = {"after": 0} if path.endswith("/changes") else {}
    query |= {"number": 1} if path.endswith("/named") else {}
    query |= {"words": "retries"} if path.endswith("/similar") else {}
    query |= {"at": "2026-01-01T00:00:00Z"} if path.endswith("/as-of") else {}
    query |= {"paths": "app.py"} if path.endswith("/applicable") else {}
    query |= {"instead_of": 1} if path.endswith("/restoration") else {}
    if operation == "POST O/imports":
        query = {"name": "a.zip"}
    if path.endswith("/explanation"):
        query = {"membership_id": values["membership_id"], "deed": "read a thread", "thread_id": house.cast.retries}
    return await client.request(method, settings().origin + address.format_map(values), params=query, **options)


def bens_message(house: Furnished) -> Any:
    """What Ben has written in #general."""
    ben = house.person("ben").membership_id
    return next(row["id"] for row in house.rows["messages"]["acme"] if row["author_id"] == ben)


def test_every_operation_stands_in_the_table():
    assert sorted(declared()) == sorted(operations())


@pytest.mark.parametrize("operation", operations())
async def test_each_caller_is_answered_as_declared(asking, furnished, furnishing, operation):
    answers = []
    changes = not operation.startswith("GET ")
    for nick, expected in zip(CALLERS, declared()[operation], strict=True):
        house = furnishing() if changes and expected < "400" else furnished
        answer = await ask(asking(nick and house.person(nick)), operation, house)
        answers.append(str(answer.status_code))
        if answer.status_code >= 400:
            is_a_problem(answer)
    assert answers == declared()[operation]


def is_a_problem(answer: httpx.Response) -> None:
    """Every refusal has a stable type, a sentence, and the id that the log has."""
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"].startswith("urn:dfworx:problem:")
    assert problem["status"] == answer.status_code
    assert problem["correlation_id"] == answer.headers["x-request-id"]
    assert problem["title"]
    assert problem["detail"]


def test_nobody_is_told_to_sign_in_except_where_it_is_public():
    refused = {operation for operation, answers in declared().items() if answers[0] == "401"}
    assert set(declared()) - refused == PUBLIC - {"POST /v1/auth/sessions", "POST /v1/auth/token"}


def test_a_stranger_finds_nothing_of_another_organization():
    inside = {operation: answers[1] for operation, answers in declared().items() if " O" in operation}
    assert set(inside.values()) == {"404"}


@pytest.mark.parametrize("operation", [each for each in operations() if each.split()[0] in UNSAFE])
async def test_another_site_changes_nothing_with_our_cookie(asking, furnished, operation):
    ada = asking(furnished.person("ada"))
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "", "Sec-Fetch-Site": "cross-site"},
    ):
        answer = await ask(ada, operation, furnished, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:dfworx:problem:foreign-origin")


@pytest.mark.parametrize("operation", sorted(BODIES))
async def test_unknown_fields_are_refused(asking, furnished, operation):
    body = {**BODIES[operation], "is_server_admin": True, "organization_id": str(furnished.cast.umbrella)}
    answer = await ask(asking(furnished.person("ada")), operation, furnished, json=body)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"is_server_admin", "organization_id"}


def with_bodies() -> Iterator[str]:
    """The operations that take a body that means something."""
    paths = create_api().openapi()["paths"]
    for path, item in paths.items():
        for method, each in item.items():
            if "application/json" in each.get("requestBody", {}).get("content", {}):
                yield f"{method.upper()} {_short(path)}"


def test_every_body_is_tried():
    assert sorted(with_bodies()) == sorted(BODIES)


async def test_an_organization_that_does_not_exist_is_answered_like_one_that_cannot_be_seen(asking, furnished):
    eve = asking(furnished.person("eve"))
    hidden, none = [(await eve.get(f"/organizations/{slug}")).json() for slug in (furnished.cast.slug, "no-such-place")]
    for answer in (hidden, none):
        del answer["instance"], answer["correlation_id"]
    assert hidden == none


@pytest.mark.parametrize("nick", ["cy", "max", "dia", "gil", "eve"])
async def test_a_private_channel_does_not_exist_for_who_is_not_in_it(asking, furnished, nick):
    here = f"/organizations/{furnished.cast.slug}"
    hidden = furnished.one("messages", "hidden")
    client = asking(furnished.person(nick))
    for path in (
        f"{here}/channels/{furnished.cast.hiring}", f"{here}/channels/{furnished.cast.hiring}/threads",
        f"{here}/channels/{furnished.cast.hiring}/members", f"{here}/threads/{furnished.cast.offers}",
        f"{here}/threads/{furnished.cast.offers}/messages", f"{here}/threads/{furnished.cast.offers}/changes?after=0",
        f"{here}/messages/{hidden}", f"{here}/messages/{hidden}/revisions",
    ):  # fmt: skip
        assert (await client.get(path)).status_code == 404, path
    for path in (
        f"{here}/channels",
        f"{here}/channels?archived=true",
        f"{here}/sidebar",
        f"{here}/audit",
        f"{here}/unread",
        f"{here}/palette",
        f"{here}/palette?q=hir",
        f"{here}/palette?q=offers",
    ):
        answer = await client.get(path)
        assert "hiring" not in answer.text
        assert str(furnished.cast.hiring) not in answer.text


async def test_no_answer_carries_a_secret(asking, furnished):
    ada = asking(furnished.person("ada"))
    for operation in operations():
        if operation.startswith("GET"):
            answer = await ask(ada, operation, furnished)
            for secret in ("not a hash", furnished.token, "token_hash", '"password'):
                assert secret not in answer.text, operation
