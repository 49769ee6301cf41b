"""The reference of the API as one plain page, from its OpenAPI document: no script, nothing from elsewhere."""

import json
import re
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from dfworx.web.plain import pages, style

STYLE = Path(__file__).with_name("reference.css")
JSON = "application/json"
SAMPLES = {"uuid": "0c1f6a52-5a0e-4f0a-9d53-7d8f3a0f3b11", "date-time": "2026-05-04T09:30:00Z", "binary": ""}
PLAIN: dict[str, Any] = {"integer": 1, "number": 1, "boolean": True, "array": [], "object": {}, "string": "…"}
router = APIRouter(include_in_schema=False)


@router.get("/api/docs", response_class=HTMLResponse)
async def reference(request: Request) -> HTMLResponse:
    """Every operation with what goes in and comes out."""
    application = request.app
    if not hasattr(application.state, "reference"):
        application.state.reference = render(application.openapi())
    return HTMLResponse(application.state.reference)


def render(document: dict[str, Any]) -> str:
    """The page of an OpenAPI document."""
    return pages.get_template("web/reference.html").render(
        title="REST API",
        info=document["info"],
        style=style(STYLE),
        groups=groups(document),
        schemas=[_schema(name, schema) for name, schema in sorted(document["components"]["schemas"].items())],
    )


def groups(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The operations by tag, in the order in which the document names the tags."""
    told = {tag["name"]: tag["description"] for tag in document.get("tags", [])}
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in told}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            name = operation.get("tags", ["other"])[0]
            found.setdefault(name, []).append(_operation(document, path, method, operation))
    return [{"name": name, "text": told.get(name, ""), "operations": each} for name, each in found.items() if each]


def _operation(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    kinds = list(content)
    body = content[JSON if JSON in content else kinds[0]]["schema"] if content else None
    return {
        "id": operation["operationId"].partition("_api_")[0],
        "method": method.upper(),
        "path": path,
        "name": operation["summary"].capitalize(),
        "text": _prose(operation.get("description", "")),
        "parameters": [_parameter(each) for each in operation.get("parameters", [])],
        "kinds": kinds,
        "body": body and _type(body),
        "fields": _fields(_followed(document, body)) if body else [],
        "answers": [_answer(status, each) for status, each in operation["responses"].items() if status[0] == "2"],
        "curl": _curl(document, path, method, body, kinds),
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = parameter.get("schema", {})
    text = parameter.get("description", schema.get("description", ""))
    return {"name": parameter["name"], "where": parameter["in"], "type": _type(schema), "text": _prose(text),
            "is_needed": parameter.get("required", False)}  # fmt: skip


def _answer(status: str, response: dict[str, Any]) -> dict[str, Any]:
    content = response.get("content", {})
    return {
        "status": status,
        "type": [(kind, _type(each.get("schema", {}))) for kind, each in content.items()],
    }


def _schema(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    values = ", ".join(map(str, schema.get("enum", [])))
    return {"name": name, "text": _prose(schema.get("description", "")), "fields": _fields(schema), "values": values}


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    needed = schema.get("required", [])
    return [
        {"name": name, "type": _type(each), "text": _prose(each.get("description", "")), "is_needed": name in needed}
        for name, each in schema.get("properties", {}).items()
    ]


def _type(schema: dict[str, Any]) -> Markup:
    """Such as “string (uuid)”, or a link to the schema that is meant."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="#schema-{0}">{0}</a>').format(name)
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return Markup(" or ").join(_type(each) for each in schema[choice])
    if schema.get("type") == "array":
        return Markup("list of {}").format(_type(schema.get("items", {})))
    if "enum" in schema or "const" in schema:
        return Markup(" | ").join(escape(json.dumps(v)) for v in schema.get("enum", [schema.get("const")]))
    about = [schema[key] for key in ("format",) if key in schema] + _bounds(schema)
    named = schema.get("type", schema.get("title", "anything"))
    return escape(f"{named} ({', '.join(about)})" if about else named)


def _bounds(schema: dict[str, Any]) -> list[str]:
    words = {"minLength": "{} characters or more", "maxLength": "{} characters at most", "minimum": "{} or more",
             "maximum": "{} at most"}  # fmt: skip
    told = [form.format(schema[key]) for key, form in words.items() if key in schema]
    return [*told, f"{json.dumps(schema['default'])} if not given"] if "default" in schema else told


def _followed(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


def sample(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    """A value that a schema would take: what is needed, and no more."""
    schema = _followed(document, schema)
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    if "const" in schema or "default" in schema:
        return schema.get("const", schema.get("default"))
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return sample(document, schema[choice][0])
    if "properties" in schema:
        fields = schema["properties"]
        return {name: sample(document, fields[name]) for name in schema.get("required", fields)}
    return SAMPLES.get(schema.get("format", ""), PLAIN.get(schema.get("type", "string")))


def _curl(document: dict[str, Any], path: str, method: str, body: dict[str, Any] | None, kinds: list[str]) -> str:
    address = re.sub(r"{(\w+)}", lambda found: "$" + found[1].upper(), path)
    parts = [f'curl "$DFWORX{address}"']
    if method != "get":
        parts[0] += f" -X {method.upper()}"
    parts.append('-H "Authorization: Bearer $TOKEN"')
    if body is not None and JSON in kinds:
        parts += [f'-H "Content-Type: {JSON}"', f"-d '{json.dumps(sample(document, body), ensure_ascii=False)}'"]
    elif body is not None:
        parts += [f'-H "Content-Type: {kinds[0]}"', "--data-binary @FILE"]
    return " \\\n  ".join(parts)


def _prose(text: str) -> Markup:
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped just now
