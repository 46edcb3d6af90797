"""The servers of our own: they answer, keep what they are given, and leave nobody behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from coop.dev.embedded import AlreadyRunning, Services
from tests.processes import ROOT, before_long, processes_of
from tests.proofs import proof

STARTER = """
import sys, time
from pathlib import Path
from urllib.parse import urlsplit
from coop.dev.embedded import Services
services = Services.start(Path(sys.argv[1]))
print("started", flush=True)
time.sleep(60)
"""


def start_and_kill(root: Path) -> None:
    """Start both servers from another process and kill that without warning."""
    command = [sys.executable, "-c", STARTER, str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == "started\n"
        starter.kill()


def asks_for_a_password(services: Services) -> bool:
    """Whether both refuse somebody who only guesses."""
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(services.database_url, password="a guess")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=urlsplit(services.redis_url).port or 0, retry=Retry(NoBackoff(), 0)).ping()
    return True


def test_both_servers_answer_on_this_machine_only_to_who_knows_the_password(tmp_path: Path) -> None:
    services = Services.start(tmp_path, durable=False)
    try:
        with psycopg.connect(services.database_url) as database:
            database.execute("CREATE EXTENSION btree_gist")
            assert database.info.server_version // 10_000 == 18
            assert database.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        with redis.Redis.from_url(services.redis_url) as valkey:
            assert valkey.config_get("bind") == {"bind": "127.0.0.1"}
        assert asks_for_a_password(services)
        assert services.died() is None
    finally:
        services.stop()
    assert before_long(lambda: processes_of(tmp_path) == {})


@proof
def test_what_the_servers_were_given_is_there_the_next_time(tmp_path: Path) -> None:
    first = Services.start(tmp_path)
    with psycopg.connect(first.database_url) as database, redis.Redis.from_url(first.redis_url) as valkey:
        database.execute("CREATE TABLE towels AS SELECT 12 AS clean")
        valkey.set("soap", "plenty")
    first.stop()

    second = Services.start(tmp_path)
    try:
        with psycopg.connect(second.database_url) as database, redis.Redis.from_url(second.redis_url) as valkey:
            assert database.execute("SELECT clean FROM towels").fetchall() == [(12,)]
            assert valkey.get("soap") == b"plenty"
    finally:
        second.stop()


def test_two_cannot_have_the_same_folder_at_once(tmp_path: Path) -> None:
    services = Services.start(tmp_path, durable=False)
    try:
        with pytest.raises(AlreadyRunning):
            Services.start(tmp_path, durable=False)
    finally:
        services.stop()


@proof
def test_when_the_starter_is_killed_the_servers_end_too_and_start_again_another_time(tmp_path: Path) -> None:
    start_and_kill(tmp_path)
    assert before_long(lambda: processes_of(tmp_path) == {})
    services = Services.start(tmp_path)
    try:
        with psycopg.connect(services.database_url) as database:
            assert database.execute("SELECT 1").fetchone() == (1,)
    finally:
        services.stop()


@proof
def test_a_server_left_over_from_a_killed_run_is_ended_before_the_next_start(tmp_path: Path) -> None:
    Services.start(tmp_path).stop()
    data = tmp_path / "postgres"
    sleep = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_DFL); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", sleep, str(data)]) as leftover:
        (data / "postmaster.pid").write_text(f"{leftover.pid}\n{data}\n")
        Services.start(tmp_path).stop()
        assert leftover.wait(5) == -signal.SIGINT


@proof
def test_a_stranger_who_has_the_process_number_of_a_killed_server_is_left_in_peace(tmp_path: Path) -> None:
    Services.start(tmp_path).stop()
    data = tmp_path / "postgres"
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        (data / "postmaster.pid").write_text(f"{stranger.pid}\n{data}\n")
        Services.start(tmp_path).stop()
        assert stranger.poll() is None
        stranger.kill()


def test_it_is_told_which_server_died_and_what_it_said_last(tmp_path: Path) -> None:
    services = Services.start(tmp_path, durable=False)
    try:
        postmaster = int((tmp_path / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        assert before_long(lambda: services.died() is not None)
        told = services.died() or ""
    finally:
        services.stop()
    assert told.startswith("PostgreSQL ended by itself (exit -9). The end of")
    assert "database system is ready to accept connections" in told
