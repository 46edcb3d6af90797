"""What travels over HTTP, in the plainest terms."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

from payouts.sandbox.errors import Refused


@dataclass(frozen=True)
class Request:
    """One request as it came. Header names are matched whatever their case."""

    method: str
    path: str
    query: str
    body: str
    headers: Message


@dataclass(frozen=True)
class Reply:
    """One answer. `lost` means that the connection breaks instead."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False


def json_reply(status: int, value: Any, headers: dict[str, str] | None = None) -> Reply:
    told = {"Content-Type": "application/json", **(headers or {})}
    return Reply(status, json.dumps(value).encode(), told)


def optional_url(value: str | None, *, param: str) -> str | None:
    """As `checked_url`, but nothing at all is fine too."""
    return checked_url(value, param=param) if value else None


def checked_url(value: str, *, param: str) -> str:
    """An absolute web address without line breaks; raises `Refused` for anything else."""
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc or not value.isprintable() or " " in value:
        raise Refused("Not a valid URL", code="url_invalid", param=param)
    return value


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
