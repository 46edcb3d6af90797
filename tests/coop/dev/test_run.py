"""`make run`: everything starts together, and ends together however it ends."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from coop.dev import environment, waiting
from coop.dev.embedded import Services, free_port
from coop.dev.processes import Program
from coop.dev.run import HOST, answers, listen_from, next_free_port
from tests.processes import ROOT, before_long, processes_of
from tests.proofs import WHOLE, proof, some
from tests.services import copy_migrated

OURS = {"DATABASE_URL", "REDIS_URL", "STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET", "BASE_URL", "DEBUG", "ALLOWED_HOSTS"}

PARTS = {
    "postgres -D",
    "valkey-server",
    "payouts.sandbox",
    "gunicorn",
    "celery -A coop worker",
    "celery -A coop beat",
}


@contextmanager
def running(local: Path, **given: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The whole co-op without a demo, in another process; with it comes the port of its pages."""
    plain = {name: value for name, value in os.environ.items() if name not in OURS}
    runner = subprocess.Popen(
        [sys.executable, "-m", "coop.dev.run"],
        env=plain | {"LOCAL_DIR": str(local), "DEMO": "false", "PORT": str(free_port())} | given,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield runner, port_told_by(runner)
    finally:
        if runner.poll() is None:
            runner.terminate()
        runner.communicate()


def port_told_by(runner: subprocess.Popen[str]) -> int:
    assert runner.stdout is not None
    told = []
    for line in runner.stdout:
        told.append(line)
        if found := re.search(r"Evenhand is open at http://localhost:(\d+) ", line):
            return int(found[1])
    raise AssertionError("".join(told))


def missing_from(processes: dict[int, str]) -> set[str]:
    """Which parts of the whole are not among these processes."""
    return {part for part in PARTS if not any(part in command for command in processes.values())}


def database_of(local: Path) -> psycopg.Connection[tuple[int]]:
    """A connection to the database of a co-op that runs on `local`."""
    return psycopg.connect(environment.read(local / environment.ADDRESSES)["DATABASE_URL"])


def part_of(local: Path, words: str) -> int:
    """The process that runs one part: the first with these words in its command."""
    return min(pid for pid, command in processes_of(local).items() if words in command)


def test_the_next_free_port_is_taken_when_somebody_has_the_first() -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        taken = somebody.getsockname()[1]
        assert next_free_port(taken) > taken


def test_whoever_comes_early_sees_on_any_page_how_far_it_is(tmp_path: Path) -> None:
    door, progress = listen_from(free_port()), tmp_path / "progress"
    waiting.tell(progress, 37)
    where = ["--socket", str(door.fileno()), "--progress", str(progress)]
    command = [sys.executable, "-m", "coop.dev.waiting", *where]
    early = Program("waiting", command, log=tmp_path / "waiting.log", handed=[door])
    try:
        asked = http.client.HTTPConnection(HOST, door.getsockname()[1], timeout=30)
        asked.request("GET", "/book")
        answer = asked.getresponse()
        page = answer.read().decode()
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
        assert "getting ready: 37 %" in page
        assert '<meta http-equiv="refresh" content="2">' in page
    finally:
        early.stop()
        door.close()


def test_secrets_are_made_once_and_are_for_their_owners_eyes_only(tmp_path: Path) -> None:
    made = environment.made_once(tmp_path)
    assert environment.made_once(tmp_path) == made
    assert list(made) == ["SECRET_KEY", "SEALED_KEYS", "STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET"]
    assert stat.S_IMODE((tmp_path / "env").stat().st_mode) == 0o600
    assert environment.made_once(tmp_path.parent) != made
    (tmp_path.parent / "env").unlink()


def test_a_command_meets_the_running_parts_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    monkeypatch.delenv("DATABASE_URL")
    environment.write(tmp_path / "addresses", {"DATABASE_URL": "postgres://a=b", "REDIS_URL": "redis://here"})
    environment.join_running(tmp_path)
    assert (os.environ["DATABASE_URL"], os.environ["REDIS_URL"]) == ("postgres://a=b", "redis://elsewhere")


@pytest.fixture
def local(tmp_path: Path) -> Path:
    """Where a co-op runs: in a proof for the first time; else its database has all migrations, which take long."""
    if not WHOLE:
        copy_migrated(tmp_path / "co-op")
    return tmp_path / "co-op"


DEATHS = [("celery -A coop worker", "worker"), ("postgres -D", "PostgreSQL")]


@proof
def test_all_parts_run_until_they_are_stopped_and_the_next_time_the_data_is_there(local: Path) -> None:
    with running(local) as (runner, _port):
        with database_of(local) as database:
            database.execute("CREATE TABLE towels AS SELECT 12 AS clean")
            database.execute("DELETE FROM auth_permission")
        runner.terminate()
        assert runner.wait(60) == 0
    assert before_long(lambda: processes_of(local) == {})

    with running(local), database_of(local) as database:
        assert database.execute("SELECT clean FROM towels").fetchall() == [(12,)]
        assert database.execute("SELECT count(*) > 0 FROM auth_permission").fetchall() == [(True,)]  # migrate did


@pytest.mark.parametrize(("part", "name"), some(DEATHS, of=2))
def test_all_parts_run_once_on_a_machine_and_until_one_of_them_dies(local: Path, part: str, name: str) -> None:
    with running(local) as (runner, port):
        assert answers(port, "/healthz")
        assert missing_from(processes_of(local)) == set()
        with pytest.raises(AssertionError, match="Evenhand is already running on"), running(local):
            pass
        os.kill(part_of(local, part), signal.SIGKILL)
        told, _ = runner.communicate(timeout=60)
    assert f"{name} ended by itself (exit -9). The end of {local}/log/" in told
    assert runner.returncode == 1
    assert before_long(lambda: processes_of(local) == {})


@proof
def test_what_the_environment_names_is_used_instead_of_ours_and_nothing_outlives_a_runner_that_is_killed(
    tmp_path: Path,
) -> None:
    copy_migrated(tmp_path / "theirs")
    theirs = Services.start(tmp_path / "theirs", durable=False)
    given = {
        "DATABASE_URL": theirs.database_url,
        "REDIS_URL": theirs.redis_url,
        "STRIPE_API_KEY": "sk_test_of_our_own",
        "STRIPE_WEBHOOK_SECRET": "whsec_of_our_own",
    }
    try:
        with running(tmp_path / "ours", **given) as (runner, _port):
            assert missing_from(processes_of(tmp_path / "ours")) == {"postgres -D", "valkey-server", "payouts.sandbox"}
            assert given.items() <= environment.read(tmp_path / "ours" / environment.ADDRESSES).items()
            runner.kill()
            assert before_long(lambda: processes_of(tmp_path / "ours") == {}, seconds=30)
    finally:
        theirs.stop()
