"""Runs others beside us, each in an environment of its own: django-appointment 3.12 on a database of its own on our
server, and OR-tools CP-SAT.

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

APPOINTMENT = ("django-appointment==3.12.0", "django>=5.2,<5.3", "psycopg[binary]>=3.2")
CP_SAT = ("ortools>=9.12,<10",)
LOCAL = Path(__file__).parents[2] / ".local"


@dataclass(frozen=True)
class NotRun(Exception):
    """Why the peer was not measured."""

    why: str


@cache
def measured(*, staff: int, first: date, days: int) -> dict[str, Any]:
    """What it takes the peer. Raises NotRun."""
    python = _installed("peer", APPOINTMENT)
    server = connection.settings_dict
    address = {key.lower(): str(server[key.upper()]) for key in ("host", "port", "user", "password")}
    name = f"peer_{os.getpid()}_{staff}"
    admin = {**address, "dbname": "postgres"}
    with psycopg.connect(**admin, autocommit=True) as owner:  # type: ignore[arg-type]
        owner.execute(f'CREATE DATABASE "{name}"')
        try:
            database = {key.upper(): value for key, value in address.items()} | {"NAME": name}
            asked = json.dumps({"database": database, "staff": staff, "first": first.isoformat(), "days": days})
            return _run(python, "peer_appointment.py", asked)
        finally:
            owner.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def planned(asked: dict[str, Any]) -> dict[int, int]:
    """Who does which visit, as CP-SAT gives them out (`cp_sat.py` says what is asked). Raises NotRun."""
    given = _run(_installed("peer-cp-sat", CP_SAT), "cp_sat.py", told=json.dumps(asked))
    return {int(visit): member for visit, member in given.items()}


def _installed(name: str, packages: tuple[str, ...]) -> Path:
    """The Python of a peer's environment, made on the first run."""
    home = LOCAL / name
    python = home / "bin" / "python"
    if (home / "installed").exists():
        return python
    for step in (
        [sys.executable, "-m", "venv", "--clear", str(home)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages],
    ):
        done = subprocess.run(step, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode:
            raise NotRun(f"it could not be installed ({_why(done.stderr)})")
    (home / "installed").touch()
    return python


def _run(python: Path, script: str, *arguments: str, told: str = "") -> dict[str, Any]:
    """What a script of ours says on its last line."""
    plain = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    step = [str(python), str(Path(__file__).with_name(script)), *arguments]
    done = subprocess.run(step, input=told, capture_output=True, text=True, env=plain, timeout=3600, check=False)
    if done.returncode:
        raise NotRun(f"it failed ({_why(done.stderr)})")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _why(said: str) -> str:
    """The last line that names an error, cut short."""
    errors = [line for line in said.splitlines() if "Error" in line or "ERROR" in line]
    return errors[-1].strip()[:90] if errors else "it gave no reason"
