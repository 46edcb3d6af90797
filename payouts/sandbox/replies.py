"""What is answered: every reply of the sandbox is held to Stripe's document before it leaves."""

from __future__ import annotations

from typing import Any

from payouts.sandbox.document import Document
from payouts.sandbox.errors import Obj

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


def faults_in(document: Document, schema: Obj, value: Any, path: str = "reply") -> list[str]:
    """Where a value breaks a schema, one line each; empty when it keeps to it."""
    if value is None:
        return [] if schema.get("nullable") else [f"{path}: null"]
    schema = document.resolve(schema)
    if schema.get("x-pruned"):
        return []
    if "anyOf" in schema:
        return _faults_in_all(document, schema["anyOf"], value, path)
    kind = schema.get("type")
    if kind and (not isinstance(value, TYPES[kind]) or (kind == "integer" and isinstance(value, bool))):
        return [f"{path}: {type(value).__name__} is not {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{path}: {value!r} is not one of the allowed values"]
    if isinstance(value, dict):
        return _faults_in_object(document, schema, value, path)
    if isinstance(value, list) and "items" in schema:
        return [
            fault for n, one in enumerate(value) for fault in faults_in(document, schema["items"], one, f"{path}[{n}]")
        ]
    return []


def _faults_in_all(document: Document, choices: list[Obj], value: Any, path: str) -> list[str]:
    """No fault if one choice takes the value, else those of the choice that came nearest."""
    nearest: list[str] | None = None
    for choice in choices:
        faults = faults_in(document, choice, value, path)
        if not faults:
            return []
        if nearest is None or len(faults) < len(nearest):
            nearest = faults
    return nearest or []


def _faults_in_object(document: Document, schema: Obj, value: Obj, path: str) -> list[str]:
    known = schema.get("properties", {})
    faults = [f"{path}.{name}: missing" for name in schema.get("required", ()) if name not in value]
    closed = known and schema.get("additionalProperties") in (None, False)
    for name, inner in value.items():
        if name in known:
            if inner is not None or not known[name].get("nullable"):
                faults += faults_in(document, known[name], inner, f"{path}.{name}")
        elif closed:
            faults.append(f"{path}.{name}: unknown field")
    return faults
