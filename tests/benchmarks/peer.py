"""Runs django-appointment 3.12 beside us: in an environment of its own, on a database of its own on our server.

What cannot be installed or run says why; nothing else depends on it.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

PACKAGES = ("django-appointment==3.12.0", "django>=5.2,<5.3", "psycopg[binary]>=3.2")
HOME = Path(__file__).parents[2] / ".local" / "peer"
SCRIPT = Path(__file__).with_name("peer_appointment.py")


@dataclass(frozen=True)
class NotRun(Exception):
    """Why the peer was not measured."""

    why: str


@cache
def measured(*, staff: int, first: date, days: int) -> dict[str, Any]:
    """What it takes the peer. Raises NotRun."""
    python = _installed()
    server = connection.settings_dict
    address = {key.lower(): str(server[key.upper()]) for key in ("host", "port", "user", "password")}
    name = f"peer_{os.getpid()}_{staff}"
    admin = {**address, "dbname": "postgres"}
    with psycopg.connect(**admin, autocommit=True) as owner:  # type: ignore[arg-type]
        owner.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
        try:
            database = {key.upper(): value for key, value in address.items()} | {"NAME": name}
            asked = json.dumps({"database": database, "staff": staff, "first": first.isoformat(), "days": days})
            return _run(python, asked)
        finally:
            owner.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def _installed() -> Path:
    """The Python of the peer's environment, made on the first run."""
    python = HOME / "bin" / "python"
    if (HOME / "installed").exists():
        return python
    for step in (
        [sys.executable, "-m", "venv", "--clear", str(HOME)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES],
    ):
        done = subprocess.run(step, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode:
            raise NotRun(f"it could not be installed ({_why(done.stderr)})")
    (HOME / "installed").touch()
    return python


def _run(python: Path, asked: str) -> dict[str, Any]:
    plain = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    done = subprocess.run(
        [str(python), str(SCRIPT), asked], capture_output=True, text=True, env=plain, timeout=3600, check=False
    )
    if done.returncode:
        raise NotRun(f"it failed ({_why(done.stderr)})")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _why(said: str) -> str:
    """The last line that names an error, cut short."""
    errors = [line for line in said.splitlines() if "Error" in line or "ERROR" in line]
    return errors[-1].strip()[:90] if errors else "it gave no reason"
