"""What is wrong with a form, in a sentence for people."""

from pydantic import ValidationError

from dfworx.core.errors import Refusal


def said(error: ValidationError | Refusal) -> str:
    """The first thing to change."""
    if isinstance(error, Refusal):
        return next(iter(error.fields.values()), error.detail)
    first = error.errors()[0]
    if first["type"] in {"string_too_short", "missing"}:
        return "Please fill this in."
    if first["type"] == "string_too_long":
        return f"At most {first['ctx']['max_length']} characters, please."
    return str(first["msg"]).removeprefix("Value error, ").capitalize() + "."
