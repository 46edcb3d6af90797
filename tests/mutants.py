"""Small faults, put into the code one at a time: a test has to see each of them. `make mutants`; not part of the gate.

Works in a copy of the tree and lists what no test saw; what is known of those stands in docs/mutants.md.
`make mutants PARTS="money votes"` looks at these parts alone.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import WorkerOutcome, WorkResult

from coop.dev.embedded import Services
from tests import services

COPY = services.LOCAL / "mutants"
MOST_FAULTS = 60
"""Faults a module at most; which of them is the same from run to run while its code is."""
SECONDS = 300.0
"""After which a test that does not end has seen the fault."""

# part: {module: the tests that hold it}
PARTS: dict[str, dict[str, str]] = {
    "money": {
        "coop/money.py": "tests/coop/test_money.py",
        "bookings/catalog/sharing.py": "tests/bookings/catalog/test_sharing.py",
        "payouts/ledger/ledger.py": "tests/payouts/ledger/test_ledger.py tests/payouts/ledger/test_earning.py",
        "payouts/charges/charges.py": (
            "tests/payouts/charges/test_charges.py tests/payouts/charges/test_moved_charges.py"
        ),
        "payouts/payroll/payruns.py": "tests/payouts/payroll/test_payruns.py",
    },
    "rules": {"coop/policies.py": "tests/coop/test_policies.py"},
    "turns": {
        "bookings/matching/deadlines.py": "tests/bookings/matching/test_rotation.py",
        "bookings/matching/legal_hours.py": "tests/bookings/matching/test_legal_hours.py",
        "bookings/matching/rotation.py": (
            "tests/bookings/matching/test_rotation.py tests/bookings/aftercare/test_people.py"
        ),
    },
    "votes": {"governance/ballots/tally.py": "tests/governance/ballots/test_tally.py"},
}


def main(parts: list[str]) -> None:
    """Look at these parts, or at all."""
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(services.ROOT, COPY, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    with _servers():
        for part in parts or PARTS:
            for module, tests in PARTS[part].items():
                _look_at(module, tests)


@contextmanager
def _servers() -> Iterator[None]:
    """One PostgreSQL and Valkey for all runs."""
    os.environ |= services.SETTINGS | {"PROOFS": "1"}
    services.copy_migrated(services.FOLDER)
    running = Services.start(services.FOLDER, durable=False)
    (services.FOLDER / "static").mkdir()
    os.environ |= {"DATABASE_URL": running.database_url, "REDIS_URL": running.redis_url}
    try:
        yield
    finally:
        running.stop()
        shutil.rmtree(services.FOLDER)


def _look_at(module: str, tests: str) -> None:
    config, session = COPY / "cosmic-ray.toml", COPY / "session.sqlite"
    session.unlink(missing_ok=True)
    command = f"{sys.executable} -m pytest -x -q -p no:cacheprovider {tests}"
    config.write_text(
        f'[cosmic-ray]\nmodule-path = "{module}"\ntimeout = {SECONDS}\nexcluded-modules = []\n'
        f'test-command = "{command}"\n[cosmic-ray.distributor]\nname = "local"\n'
    )
    _cosmic_ray("init", config, session)
    _cosmic_ray("baseline", config)
    with use_db(session, WorkDB.Mode.open) as work:
        pending = sorted(work.pending_work_items, key=lambda item: str(item.mutations))
        random.Random(module).shuffle(pending)
        for item in pending[MOST_FAULTS:]:
            work.set_result(item.job_id, WorkResult(worker_outcome=WorkerOutcome.SKIPPED))
    _cosmic_ray("exec", config, session)
    _tell(module, session)


def _cosmic_ray(*words: str | Path) -> str:
    command = [sys.executable, "-m", "cosmic_ray.cli", *words]
    return subprocess.run(command, cwd=COPY, check=True, stdout=subprocess.PIPE, text=True).stdout


def _tell(module: str, session: Path) -> None:
    """How many there were, and each that nobody saw as a change of the code."""
    results = [result for line in _cosmic_ray("dump", session).splitlines() if (result := json.loads(line)[1])]
    tried = [result for result in results if result["test_outcome"]]
    unseen = [result for result in tried if result["test_outcome"] == "survived"]
    told = [f"{module}: {len(tried)} of {len(results)} faults tried, {len(unseen)} not seen"]
    for result in unseen:
        told += [line for line in result["diff"].splitlines() if line[:1] in "+-@" and line[:3] not in ("+++", "---")]
    sys.stdout.write("\n".join([*told, ""]))
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
