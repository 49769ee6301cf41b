"""Tokens over REST: a script's session (OAuth 2), and a person's tokens for scripts."""

from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, TypeAdapter, ValidationError

from dfworx.accounts import service_tokens as tokens
from dfworx.accounts.errors import BadCredentials
from dfworx.accounts.validators_tokens import NewToken, PasswordGrant, RefreshGrant, Revocation
from dfworx.accounts.views_tokens import CreatedToken, Family, Tokens, TokenView
from dfworx.web import identity, limits
from dfworx.web.identity import From
from dfworx.web.transactions import Anybody, SessionTx

router = APIRouter(tags=["tokens"])
Model = TypeVar("Model", bound=BaseModel)
FORM = "application/x-www-form-urlencoded"


def _schema(*models: type[BaseModel]) -> dict[str, Any]:
    """What the OpenAPI document says of a body that comes as a form, as OAuth has it, or as JSON."""
    schemas = [model.model_json_schema() for model in models]
    body = {"schema": {"oneOf": schemas} if len(schemas) > 1 else schemas[0]}
    return {"requestBody": {"required": True, "content": {FORM: body, "application/json": body}}}


async def _fields(request: Request) -> dict[str, Any]:
    body = await request.body()
    try:
        if request.headers.get("content-type", "").startswith(FORM):
            return dict(parse_qsl(body.decode(), max_num_fields=20))
        return TypeAdapter(dict[str, Any]).validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None
    except ValueError:
        raise RequestValidationError([{"type": "json_invalid", "loc": ("body",), "msg": "", "input": None}]) from None


Fields = Annotated[dict[str, Any], Depends(_fields)]


def _read(model: type[Model], fields: dict[str, Any]) -> Model:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None


class _Grant(BaseModel):
    grant_type: Literal["password", "refresh_token"]


@router.post("/auth/token", openapi_extra=_schema(PasswordGrant, RefreshGrant))
async def issue_tokens(_: Anybody, fields: Fields, device: From) -> Tokens:
    """Sign a script in with e-mail address and password, or go on with a refresh token (RFC 6749)."""
    if _read(_Grant, fields).grant_type == "refresh_token":
        return _granted(await tokens.refresh(_read(RefreshGrant, fields).refresh_token.get_secret_value()))
    grant = _read(PasswordGrant, fields)
    async with limits.guessing(grant.username, device.address, BadCredentials):
        return _granted(await tokens.sign_in(grant, device))


@router.post("/auth/token/revocation", status_code=204, openapi_extra=_schema(Revocation))
async def revoke_tokens(_: Anybody, fields: Fields) -> None:
    """End the session of a refresh or access token; one that is not known is no mistake (RFC 7009)."""
    token = _read(Revocation, fields).token.get_secret_value()
    claims = identity.read_access(token)
    if claims is None or claims.user_id is None or claims.session_id is None:
        await tokens.revoke_family(token)
    else:
        await tokens.end_session(claims.user_id, claims.session_id)


@router.get("/account/tokens")
async def list_tokens(tx: SessionTx) -> list[TokenView]:
    """The personal access tokens that you made and did not end."""
    return await tokens.mine(tx)


@router.post("/account/tokens", status_code=201)
async def create_token(new: NewToken, tx: SessionTx) -> CreatedToken:
    """Make a personal access token; its secret is in this answer, and nowhere else."""
    return await tokens.create(tx, new)


@router.delete("/account/tokens/{token_id}", status_code=204)
async def revoke_token(token_id: UUID, tx: SessionTx) -> None:
    """End one of your personal access tokens."""
    await tokens.revoke(tx, token_id)


def _granted(family: Family) -> Tokens:
    token, lasting = identity.access_token(family)
    return Tokens(access_token=token, expires_in=lasting, refresh_token=family.refresh_token)
