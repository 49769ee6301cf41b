"""What is wrong with a form, in a sentence for people."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from dfworx.core.errors import Refusal

Model = TypeVar("Model", bound=BaseModel)


def typed(model: type[Model], form: Mapping[str, Any]) -> Model:
    """What a submitted form says; Reflex adds the ids of its fields, which are nobody's business."""
    return model.model_validate({name: value for name, value in form.items() if name in model.model_fields})


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
