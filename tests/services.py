"""Starts a PostgreSQL and a Valkey for one run of the tests, before Django reads its settings.

Loaded by `-p tests.services` (see pyproject.toml). Runs at the same time never meet: each has its folder and ports.
Where DATABASE_URL and REDIS_URL are set, as they are for the helpers of pytest-xdist, nothing is started.

The database that DATABASE_URL names has all migrations in it and is never written to: tests work in copies of it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import psycopg
import pytest

from coop.dev.embedded import Services
from coop.dev.processes import command_of
from tests.proofs import WHOLE

ROOT = Path(__file__).parents[1]
LOCAL = ROOT / ".local"
MIGRATIONS = ("*/migrations/*.py", "coop/management/commands/*.py", "coop/dev/embedded/*.py", "requirements-dev.txt")
"""What a migrated database comes from."""
OPEN = "INSERT INTO bookings_doorsign (is_open, words_en, words_es, hung_at) VALUES (true, '', '', now())"
"""The co-op of the tests takes bookings, but where a test closes it."""
LOOKED = "UPDATE payouts_lookout SET looked_until = '2100-01-01'"
"""Whatever the time of a test, we know what Stripe has, but where a test says otherwise."""
FOLDER = LOCAL / f"test-{os.getpid()}"
SERVICES = pytest.StashKey[Services]()

# Known to everybody, and good for nothing but these tests.
SETTINGS = {
    "DEBUG": "true",  # static files as they lie in the tree; pytest-django turns the rest of it off
    "DEMO": "false",
    "LOG_LEVEL": "WARNING",
    "SECRET_KEY": "tests-have-no-secrets-and-this-is-long-enough-for-django",
    "SEALED_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "STRIPE_API_KEY": "sk_test_tests",
    "STRIPE_WEBHOOK_SECRET": "whsec_tests",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    "BASE_URL": "http://127.0.0.1:8000",
    "EMAIL_URL": "memorymail://",
    "LOCAL_DIR": str(FOLDER),
}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Servers first: pytest-django loads the settings in this same step."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    if {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys():
        return
    _sweep()
    copy_migrated(FOLDER)
    services = early_config.stash[SERVICES] = Services.start(FOLDER, durable=False)
    (FOLDER / "static").mkdir()
    os.environ.setdefault("DATABASE_URL", services.database_url)
    os.environ.setdefault("REDIS_URL", services.redis_url)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Machines side by side run a part each: `--shard=2/3` is the second of three."""
    parser.addoption("--shard", type=shard, default=(1, 1), help="run one part of the tests, for example 2/3")


def shard(text: str) -> tuple[int, int]:
    """Which part of how many, both from 1."""
    number, of = (int(part) for part in text.split("/"))
    if not 1 <= number <= of:
        raise ValueError(text)
    return number, of


def is_in(test: str, part: tuple[int, int]) -> bool:
    """Each test is in one part, the same everywhere and whatever is added beside it."""
    number, of = part
    return crc32(test.encode()) % of == number - 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the other parts to others, and long proofs to whoever tries them in whole."""
    part = config.getoption("shard")
    mine = [one for one in items if is_in(one.nodeid, part) and (WHOLE or not one.get_closest_marker("proof"))]
    config.hook.pytest_deselected(items=list(set(items) - set(mine)))
    items[:] = mine


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """The servers end with the run, and nothing stays behind."""
    if services := config.stash.get(SERVICES, None):
        services.stop()
        shutil.rmtree(FOLDER)


def copy_migrated(folder: Path) -> None:
    """Let servers under `folder` begin with all migrations in their database.

    They are made once, and anew when a migration changes.
    """
    sum_of_all = sha256(b"".join(path.read_bytes() for glob in MIGRATIONS for path in sorted(ROOT.glob(glob))))
    migrated = LOCAL / f"migrated-{sum_of_all.hexdigest()[:16]}"
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not migrated.exists():
            for old in LOCAL.glob("migrated-*"):
                shutil.rmtree(old)
            _migrate(unfinished := migrated.with_suffix(".unfinished"))
            unfinished.rename(migrated)
        subprocess.run(["cp", "-a", migrated, folder], check=True)


def _migrate(folder: Path) -> None:
    services = Services.start(folder)
    try:
        addresses = {"DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url}
        command: list[str | Path] = [sys.executable, "-W", "ignore", ROOT / "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, env={**os.environ, **addresses}, check=True)
        with psycopg.connect(services.database_url) as database:
            database.execute(OPEN)
            database.execute(LOOKED)
    finally:
        services.stop()


def _sweep() -> None:
    """Throw away what killed runs left."""
    for folder in LOCAL.glob("test-*"):
        if not command_of(int(folder.name.removeprefix("test-"))):
            shutil.rmtree(folder, ignore_errors=True)
