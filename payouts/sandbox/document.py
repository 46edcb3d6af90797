"""Stripe's published OpenAPI document, reduced to the operations that the co-op uses (spec.json, see NOTICE)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from payouts.sandbox.errors import Obj, Refused

HERE = Path(__file__).parent
NEUTRAL: Obj = {"string": "", "integer": 0, "number": 0, "boolean": False}


@dataclass(frozen=True)
class Route:
    """One operation of the document: how its address looks, what may be asked, what must be answered."""

    id: str
    method: str
    path: str
    address: re.Pattern[str]
    asked: Obj
    answered: Obj


class Document:
    """The rules that every request, and every reply of the sandbox itself, is held to."""

    def __init__(self, content: Obj) -> None:
        self.schemas: dict[str, Obj] = content["components"]["schemas"]
        self.version: str = content["info"]["version"]
        routes = [_route(path, method, told) for path, by in content["paths"].items() for method, told in by.items()]
        self.routes = sorted(routes, key=lambda route: route.path.count("{"))
        self._skeletons: dict[str, str] = {}

    def route(self, method: str, path: str) -> tuple[Route, str]:
        """The operation behind an address, and the id that the address carries ("" if none)."""
        for route in self.routes:
            if route.method == method and (found := route.address.match(path)):
                return route, next(iter(found.groups()), "")
        raise Refused(f"Unrecognized request URL ({method}: {path}).", status=404)

    def resolve(self, schema: Obj) -> Obj:
        """The schema itself where only its name is given."""
        return self.schemas[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema

    def skeleton(self, kind: str) -> Obj:
        """The emptiest object of a kind that the document allows: null where it may be, neutral where it must be."""
        if kind not in self._skeletons:
            self._skeletons[kind] = json.dumps(self._emptiest(self.schemas[kind]))
        blank: Obj = json.loads(self._skeletons[kind])
        return blank

    def has(self, kind: str, field: str) -> bool:
        return field in self.schemas[kind]["properties"]

    def _emptiest(self, schema: Obj) -> Obj:
        required = schema.get("required", ())
        return {
            name: None if told.get("nullable") else self._neutral(told)
            for name, told in schema.get("properties", {}).items()
            if told.get("nullable") or name in required
        }

    def _neutral(self, schema: Obj) -> Any:
        told = self.resolve(schema)
        if "anyOf" in told:
            return self._neutral(told["anyOf"][0])
        if "enum" in told:
            return told["enum"][0]
        if told.get("type") == "array":
            return []
        return NEUTRAL[told["type"]] if told.get("type") in NEUTRAL else self._emptiest(told)


@cache
def published() -> Document:
    """The vendored document, read once."""
    return Document(json.loads((HERE / "spec.json").read_text(encoding="utf-8")))


def _route(path: str, method: str, told: Obj) -> Route:
    address = re.compile(re.sub(r"\{\w+\}", r"([^/]+)", path) + r"\Z")
    asked = told["form"] if "form" in told else _query(told.get("parameters", []))
    return Route(told["operationId"], method, path, address, asked, told["response"])


def _query(parameters: list[Obj]) -> Obj:
    named = [told for told in parameters if told["in"] == "query"]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {told["name"]: told["schema"] for told in named},
        "required": [told["name"] for told in named if told.get("required")],
    }
