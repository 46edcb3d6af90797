"""The environment of a development machine: secrets made once, and where the running parts answer.

Production has neither file; there the environment is given by whoever looks after the machine.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

SECRETS = "env"
ADDRESSES = "addresses"


def made_once(local: Path) -> dict[str, str]:
    """The secrets of this folder: made the first time, the same ever after, for its owner's eyes only."""
    path = local / SECRETS
    if not path.exists():
        write(path, _secrets())
    return read(path)


def read(path: Path) -> dict[str, str]:
    """The NAME=value lines of a file; nothing when there is no such file."""
    if not path.exists():
        return {}
    pairs = (line.partition("=") for line in path.read_text().splitlines())
    return {name: value for name, _sign, value in pairs}


def write(path: Path, values: Mapping[str, str]) -> None:
    """Write NAME=value lines, whole or not at all, for the owner's eyes only."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    unfinished.replace(path)


def join_running(local: Path) -> None:
    """Let this process meet the parts that `make run` has going; what the environment says already stays."""
    for name, value in read(local / ADDRESSES).items():
        os.environ.setdefault(name, value)


def _secrets() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "SEALED_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "STRIPE_API_KEY": f"sk_test_{secrets.token_hex(12)}",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{secrets.token_hex(16)}",
    }
