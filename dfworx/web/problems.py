"""Problems: every refusal and every failure leaves as RFC 9457 problem+json, with a stable type and no internals."""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dfworx.core import denials
from dfworx.core.actor import NOBODY
from dfworx.core.correlation import correlation_id
from dfworx.core.denials import Denial
from dfworx.core.errors import Conflict, Invalid, NotFound, Refusal, TooLarge, TooMany, Unauthenticated, Unavailable
from dfworx.infra import database
from dfworx.web import forms, plain
from dfworx.web.identity import address_of
from dfworx.web.templates import template

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
URN = "urn:dfworx:problem:"

# What people are told, by pydantic's type of error; the rest is said in pydantic's own words.
WORDS = {
    "missing": "This is needed.",
    "extra_forbidden": "This field is not known here.",
    "string_too_short": "Use at least {min_length} characters.",
    "string_too_long": "Use at most {max_length} characters.",
    "too_short": "Use at least {min_length} characters.",
    "too_long": "Use at most {max_length} characters.",
    "greater_than_equal": "Use {ge} or more.",
    "less_than_equal": "Use {le} or less.",
    "uuid_parsing": "This is not an identifier.",
    "json_invalid": "This is not valid JSON.",
    "enum": "Choose one of {expected}.",
    "literal_error": "Choose one of {expected}.",
    "int_parsing": "This is not a whole number.",
    "bool_parsing": "This is not yes or no.",
    "datetime_from_date_parsing": "This is not a date and time.",
    "string_type": "This is not text.",
    "string_unicode": "This text contains characters that do not exist.",
}


FULL = "The server's disk is full. Nothing new can be stored at the moment; what is there can be read."
UUID_ = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
READING = frozenset({"GET", "HEAD", "OPTIONS"})
INVITATION = re.compile(r"(/invitations/)[^/]+")
PARTS = frozenset({"body", "query", "path", "header", "cookie"})


class MethodNotAllowed(Refusal):
    """The address exists, and takes other methods."""

    status = 405
    title = "This cannot be done at this address."

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        super().__init__()
        self.allowed = allowed


class BadRequest(Refusal):
    """The request could not be read."""

    title = "The request could not be read."


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="A stable name for programs, such as `urn:dfworx:problem:not-found`.")
    title: str
    status: int
    detail: str
    instance: str | None = None
    correlation_id: str
    errors: dict[str, str] = Field(default_factory=dict, description="By field, in people's words.")


DOCUMENTED: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": "A problem", "content": {MEDIA_TYPE: {}}}
    for status in ("4XX", "5XX", 422)
}


def describe(app: FastAPI) -> None:
    """Let the OpenAPI document say that problems are problem+json; FastAPI describes every model as plain JSON."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            document.setdefault("components", {})["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
            document["security"] = [{}, {"bearer": []}]
            for operations in document["paths"].values():
                for operation in operations.values():
                    _as_problem_json(operation["responses"])
        return plain()

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's documented way


def _as_problem_json(responses: dict[str, Any]) -> None:
    for response in responses.values():
        content = response.get("content", {})
        if MEDIA_TYPE in content:
            content[MEDIA_TYPE] = content.pop("application/json")


def answer(request: Request, refusal: Refusal, headers: Mapping[str, str] | None = None) -> Response:
    """The refusal as a problem; a browser's native form is sent back to its page, a plain page says it itself."""
    if forms.is_form(request):
        return forms.back(request, refusal)
    return plain.refused(request, refusal) if plain.is_plain(request) else problem(request, refusal, headers)


def problem(request: Request, refusal: Refusal, headers: Mapping[str, str] | None = None) -> Response:
    """The refusal as problem+json."""
    document = Problem(
        type=URN + refusal.type(),
        title=refusal.title,
        status=refusal.status,
        detail=refusal.detail,
        instance=request.url.path,
        correlation_id=correlation_id.get(),
        errors=refusal.fields,
    )
    return JSONResponse(
        document.model_dump(exclude_none=True),
        refusal.status,
        {**_headers(refusal), **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def described(refusal: Refusal) -> dict[str, Any]:
    """The refusal for a socket, whose answers have no status line."""
    words = {"type": URN + refusal.type(), "title": refusal.title, "status": refusal.status, "detail": refusal.detail}
    return {**words, "errors": refusal.fields}


def _headers(refusal: Refusal) -> dict[str, str]:
    if isinstance(refusal, TooMany):
        return {"Retry-After": str(refusal.retry_after)}
    if isinstance(refusal, Unavailable):
        return {"Retry-After": "5"}
    if isinstance(refusal, MethodNotAllowed) and refusal.allowed:
        return {"Allow": ", ".join(refusal.allowed)}
    if isinstance(refusal, Unauthenticated):
        return {"WWW-Authenticate": 'Session realm="DFWorX", Bearer realm="DFWorX"'}
    return {}


def explain(errors: Sequence[Any]) -> dict[str, str]:
    """Validation errors by field, in people's words; never what was typed."""
    return {_field(error["loc"]): _sentence(error) for error in reversed(errors)}


def invalid(error: ValidationError | RequestValidationError) -> Invalid:
    """A validation error as a refusal."""
    return Invalid(fields=explain(error.errors()))


def _field(loc: Sequence[str | int]) -> str:
    named = [str(part) for part in loc if isinstance(part, str) and part not in PARTS]
    return ".".join(named) or "body"


def _sentence(error: Mapping[str, Any]) -> str:
    words = WORDS.get(error["type"])
    if words:
        return words.format_map(error.get("ctx", {}))
    sentence = re.sub(r"^Value error, ", "", str(error["msg"]))
    return sentence if sentence.endswith(".") else f"{sentence}."


def install(app: FastAPI) -> None:
    """Answer every refusal and every known failure of `app` with a problem."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _http)
    for errors, handler in (
        (database.CONFLICTS, _conflicting),
        (database.UNSTORABLE, _impossible_data),
        (database.UNREACHABLE, _unavailable),
        (database.OTHERS, _unavailable),
    ):
        for error in errors:
            app.add_exception_handler(error, handler)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - registered for it
    if error.status in {401, 403, 429}:
        log.info("refused with %s: %s %r from %s", error.type(), request.method, _path(request), address_of(request))
    denials.tell(error, _denial(request, error), changes=request.method not in READING)
    return answer(request, error)


def _denial(request: Request, error: Refusal) -> Denial:
    ids = [value for value in request.path_params.values() if isinstance(value, str) and UUID_.fullmatch(value)]
    return Denial(
        error.type(),
        f"{request.method} {template(request.scope).removeprefix('/api/v1')}",
        request.scope.get("dfworx.actor", NOBODY),
        address_of(request),
        error.about or (UUID(ids[-1]) if ids else None),
    )


async def _not_valid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    return answer(request, invalid(error))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    kinds: dict[int, type[Refusal]] = {404: NotFound, 405: MethodNotAllowed, 413: TooLarge}
    refusal = kinds.get(error.status_code, BadRequest)()
    return answer(request, refusal, error.headers)


async def _conflicting(request: Request, error: Exception) -> Response:
    log.warning("the database refused: %s", _first_line(error))
    return answer(request, Conflict())


async def _impossible_data(request: Request, error: Exception) -> Response:
    log.warning("the database could not take a value: %s", _first_line(error))
    return answer(request, Invalid("A value contains characters that cannot be stored."))


async def _unavailable(request: Request, error: Exception) -> Response:
    if not database.is_unable(error):
        raise error
    log.error("the database cannot: %s", _first_line(error))
    return answer(request, unavailable(error))


def unavailable(error: Exception) -> Unavailable:
    """What people are told of a database that cannot."""
    return Unavailable(FULL if database.is_full(error) else "")


def _path(request: Request) -> str:
    """The path as the log may keep it: whoever holds an invitation's link can use it."""
    return INVITATION.sub(r"\1…", request.url.path)


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", error)).partition("\n")[0]


class Unexpected(Refusal):
    """A mistake of ours."""

    status = 500
    title = "Something went wrong on our side."

    def __init__(self) -> None:
        super().__init__(f"Something went wrong on our side. Please report the id {correlation_id.get()}.")


class Failures:
    """Answers whatever nobody expected with a 500 that says nothing but the correlation id; the log has the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through; answer its failure unless an answer has begun."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            if begun:
                raise
            log.exception("failed: %s %r", scope["method"], _path(Request(scope)))
            await answer(Request(scope), Unexpected())(scope, receive, send)
