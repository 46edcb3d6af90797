"""What is shipped stands without what only runs here: `.dockerignore` leaves it out, and nobody misses it."""

import os
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.proofs import proof

ROOT = Path(__file__).parents[2]
LEFT_OUT = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line]
PUBLIC = {
    "BASE_URL": "https://evenhand.example",
    "DATABASE_URL": "postgres://x:x@127.0.0.1:1/x",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "only-for-the-checks-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLM",
    "SEALED_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "STRIPE_API_KEY": "sk_live_check",
    "STRIPE_WEBHOOK_SECRET": "whsec_check",
    "PYTHONDONTWRITEBYTECODE": "1",
}
EVERYTHING = """
import coop.wsgi
from django.conf import settings
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse
from rules.permissions import permissions

from coop.celery import app

app.loader.import_default_modules()
assert set(settings.SWEEPS) <= set(app.tasks), set(settings.SWEEPS) - set(app.tasks)
assert {"bookings.work", "bookings.swap_shift", "bookings.cancel_visit", "governance.cast_proposal"} <= set(permissions)
assert "governance.skip_wait_proposal" not in permissions
assert reverse("proposal", args=[1]) == "/votes/1"
for name in ("demo_house", "skip_wait"):
    try:
        raise AssertionError(reverse(name, args=[1] if name == "skip_wait" else []))
    except NoReverseMatch:
        pass
call_command("collectstatic", interactive=False, verbosity=0)
"""
"""What a web process, a worker and the building of the image do with the code."""


def is_left_out(path: str) -> bool:
    """Does a line of `.dockerignore` name it?"""
    return any(fnmatch(path, line) or fnmatch(f"/{path}", line) for line in LEFT_OUT)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the image has in it."""
    to = tmp_path_factory.mktemp("image") / "evenhand"

    def left_out(folder: str, names: list[str]) -> list[str]:
        inside = Path(folder).relative_to(ROOT)
        return [name for name in names if is_left_out((inside / name).as_posix())]

    return Path(shutil.copytree(ROOT, to, ignore=left_out))


def run(folder: Path, *command: str, **given: str) -> str:
    """What a program says there that knows nothing of this tree."""
    path = {"PATH": os.environ["PATH"], "STATIC_ROOT": str(folder.parent / "static")}
    end = subprocess.run(
        [sys.executable, *command], cwd=folder, env=path | PUBLIC | given, capture_output=True, text=True, timeout=120
    )
    assert end.returncode == 0, end.stdout + end.stderr
    return end.stdout + end.stderr


def test_what_only_runs_here_is_left_out(shipped: Path) -> None:
    assert (shipped / "bookings" / "turns" / "rules.py").exists()
    assert [one for one in ("coop/dev", "payouts/sandbox", "tests", ".venv") if (shipped / one).exists()] == []


@proof
def test_the_image_passes_the_checks_of_a_public_site(shipped: Path) -> None:
    run(shipped, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    migrations = run(shipped, "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run")
    assert "No changes detected" in migrations


def test_web_worker_and_static_files_miss_nothing(shipped: Path) -> None:
    run(shipped, "-c", EVERYTHING)
    assert list((shipped.parent / "static").glob("*.json")) != []


@proof
def test_nobody_makes_a_demo_of_what_is_shipped(shipped: Path) -> None:
    asked = "import coop.wsgi; from django.conf import settings; print(settings.DEMO)"
    assert run(shipped, "-c", asked, DEBUG="true", DEMO="true").splitlines()[-1] == "False"
