"""Native forms: the browser posts them itself, so that a password never passes through an event handler."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.responses import RedirectResponse

from dfworx.core.errors import Refusal

PREFIX = "/auth/"
LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
MOST_FIELDS = 20
MINUTE = 60
FIELDS = {  # what is said of a field that was refused
    "name": "Use 1 to 80 characters that can be seen.",
    "organization": "Use 1 to 80 characters that can be seen.",
    "email": "This is not an e-mail address.",
    "password": "Use 12 to 256 characters.",
    "new_password": "Use 12 to 256 characters.",
    "current_password": "The current password is not right.",
}

Model = TypeVar("Model", bound=BaseModel)


def is_form(request: Request) -> bool:
    """Whether a native form of ours was posted."""
    return request.url.path.startswith(PREFIX)


def local(path: str | None) -> str | None:
    """The path, if it leads to a page of ours: anything else could send people away."""
    return path if path and LOCAL.fullmatch(path) else None


def see(path: str) -> RedirectResponse:
    """Go on to a page with a fresh GET."""
    return RedirectResponse(path, status_code=303)


def back(request: Request, refusal: Refusal) -> RedirectResponse:
    """Back to the page of the form; the query says what was refused, and nothing of what was typed."""
    path, query = _page(request)
    kept = [(name, value) for name, value in parse_qsl(query) if name not in {"error", "field", "wait"}]
    said = {"error": refusal.type(), "field": next(iter(refusal.fields), None)}
    said["wait"] = str(getattr(refusal, "retry_after", "")) or None
    return see(f"{path}?{urlencode([*kept, *((name, value) for name, value in said.items() if value)])}")


def _page(request: Request) -> tuple[str, str]:
    """The page that the form was on; the one of the same name when the browser does not tell."""
    origin = urlsplit(request.headers.get("referer", ""))
    if origin.netloc == request.headers.get("host") and local(origin.path) and not is_form_path(origin.path):
        return origin.path, origin.query
    return "/" + request.url.path.removeprefix(PREFIX), urlsplit(str(request.url)).query


def is_form_path(path: str) -> bool:
    """Whether a path is one that forms are posted to, and no page."""
    return path.startswith(PREFIX)


def posted(model: type[Model]) -> Any:
    """A dependency that reads a posted form into `model`; the field `next` is not part of it."""

    async def read(request: Request) -> Model:
        fields = await _fields(request)
        fields.pop("next", None)
        try:
            return model.model_validate(fields)
        except ValidationError as error:
            raise RequestValidationError(error.errors()) from None

    return Depends(read)


async def _fields(request: Request) -> dict[str, str]:
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def _next(request: Request) -> str | None:
    return local(request.query_params.get("next") or (await _fields(request)).get("next"))


Next = Annotated[str | None, Depends(_next)]


def words(kind: str, field: str, wait: str) -> str:
    """A refusal in a sentence for people; the address is never repeated, because anybody can write one."""
    if kind == "too-many" and wait.isdigit():
        return f"Too many attempts. Please try again in {_time(int(wait))}."
    if kind == "invalid" and field in FIELDS:
        return FIELDS[field]
    known = {refusal.type(): refusal.title for refusal in _kinds(Refusal)}
    return known.get(kind, "This did not work. Please try again.")


def _time(seconds: int) -> str:
    return f"{seconds} s" if seconds <= MINUTE else f"{-(-seconds // MINUTE)} minutes"


def _kinds(of: type[Refusal]) -> Iterator[type[Refusal]]:
    yield of
    for kind in of.__subclasses__():
        yield from _kinds(kind)
