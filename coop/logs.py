"""What a line of the log must not say: the long secret part of an address, which is as good as a key."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

ASKED = re.compile(r"(?<=[\w/])\?\S+")
"""What was searched for or typed, at the end of an address."""
SECRET = re.compile(r"(?<=/)(?=[\w.:=-]*\d)[\w.:=-]{16,}")
"""Part of a path with a number in it that nobody would type: a token, never a word of ours."""


def without_secrets(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A processor of structlog: every text of a line, its secret addresses shortened."""
    return {name: masked(value) if isinstance(value, str) else value for name, value in line.items()}


def masked(text: str) -> str:
    """`GET /bookings/5b2c…` for what had a whole token there, and nothing of what was asked for after it."""
    return SECRET.sub(lambda found: f"{found[0][:4]}…", ASKED.sub("?…", text))
