"""What is asked: Stripe's bracketed forms taken apart, turned into typed values and held to the document."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from payouts.sandbox.document import Document
from payouts.sandbox.errors import Obj, Refused

MOST_FIELDS = 2000
DEEPEST = 12
WHOLE = re.compile(r"-?\d{1,18}\Z")


def decode(form: str) -> Obj:
    """`a[b][]=1` as nested dictionaries of strings. Lists stay dictionaries by position until `read` knows better."""
    tree: Obj = {}
    for name, value in _pairs(form):
        head, *rest = [name.split("[", 1)[0], *re.findall(r"\[([^\]]*)\]", name)]
        if len(rest) > DEEPEST:
            raise Refused("A parameter is nested too deeply.", param=head)
        _plant(tree, [head, *rest], value)
    return tree


def read(document: Document, schema: Obj, value: Any, name: str = "") -> Any:
    """A decoded value as the document types it; raises `Refused` (400) where it does not fit."""
    schema = document.resolve(schema)
    if "anyOf" in schema:
        return _read_any(document, schema["anyOf"], value, name)
    kind = schema.get("type")
    if kind == "array":
        return _read_list(document, schema, value, name)
    if kind == "object" or (kind is None and isinstance(value, dict)):
        return _read_object(document, schema, value, name)
    if not isinstance(value, str):
        raise Refused(f"Invalid {kind}", param=name)
    return _read_scalar(schema, value, name)


def _pairs(form: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(form, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as trouble:
        raise Refused("The form could not be read.") from trouble


def _plant(tree: Obj, parts: list[str], value: str) -> None:
    branch: Any = tree
    for part in parts[:-1]:
        branch = branch.setdefault(part or str(len(branch)), {})
        if not isinstance(branch, dict):
            raise Refused("A parameter is both a value and an object.", param=parts[0])
    branch[parts[-1] or str(len(branch))] = value


def _inside(name: str, part: str) -> str:
    return f"{name}[{part}]" if name else part


def _read_any(document: Document, choices: list[Obj], value: Any, name: str) -> Any:
    """The first choice that takes the value; of those that do not, the one of the same shape explains why."""
    nested = isinstance(value, dict)
    alike = [one for one in choices if (document.resolve(one).get("type") in ("object", "array", None)) == nested]
    refusals = []
    for choice in [*alike, *(one for one in choices if one not in alike)]:
        try:
            return read(document, choice, value, name)
        except Refused as refusal:
            refusals.append(refusal)
    raise refusals[0]


def _read_list(document: Document, schema: Obj, value: Any, name: str) -> list[Any]:
    if value == "":
        return []
    if not isinstance(value, dict) or not all(WHOLE.match(key) for key in value):
        raise Refused("Invalid array", param=name)
    return [read(document, schema["items"], value[key], f"{name}[{key}]") for key in sorted(value, key=int)]


def _read_object(document: Document, schema: Obj, value: Any, name: str) -> Obj:
    if not isinstance(value, dict):
        raise Refused("Invalid object", param=name)
    known = schema.get("properties", {})
    rest = schema.get("additionalProperties", not known)
    for part in schema.get("required", []):
        if part not in value:
            full = _inside(name, part)
            raise Refused(f"Missing required param: {full}.", code="parameter_missing", param=full)
    taken = {}
    for part, inner in value.items():
        full = _inside(name, part)
        if part not in known and rest is False:
            raise Refused(f"Received unknown parameter: {full}", code="parameter_unknown", param=full)
        told = known.get(part, rest if isinstance(rest, dict) else {"type": "string"})
        taken[part] = read(document, told, inner, full)
    return taken


def _read_scalar(schema: Obj, value: str, name: str) -> str | int | float | bool:
    kind = schema.get("type")
    if kind == "integer":
        if not WHOLE.match(value):
            raise Refused(f"Invalid integer: {value}", code="parameter_invalid_integer", param=name)
        return int(value)
    if kind == "boolean":
        if value not in ("true", "false"):
            raise Refused(f"Invalid boolean: {value}", param=name)
        return value == "true"
    if kind == "number":
        return _number(value, name)
    if "enum" in schema and value not in schema["enum"]:
        some = ", ".join(str(one) for one in schema["enum"][:6])
        raise Refused(f"Invalid {name}: must be one of {some}", param=name)
    return value


def _number(value: str, name: str) -> float:
    if not re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?", value):
        raise Refused(f"Invalid number: {value}", param=name)
    return float(value)
