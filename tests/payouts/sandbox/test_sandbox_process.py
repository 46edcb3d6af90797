"""The sandbox as a process of its own: what it keeps over a kill, its levers, and what it survives."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe

from payouts.sandbox import Sandbox
from tests.proofs import proof

from .conftest import SECRET, Inbox, Till, client_of
from .test_sandbox_webhooks import eventually

pytestmark = proof
ROOT = Path(__file__).parents[3]


class Process:
    """`python -m payouts.sandbox` with the given words, until it is killed."""

    def __init__(self, *words: str) -> None:
        command = [sys.executable, "-m", "payouts.sandbox", "--port", "0", *words]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        told = re.fullmatch(r"Sandbox at (\S+)\n", self.process.stdout.readline())
        assert told
        self.url = told[1]
        self.v1: Any = client_of(self.url).v1

    def end(self, how: signal.Signals = signal.SIGKILL) -> int:
        self.process.send_signal(how)
        assert self.process.stdout
        self.process.stdout.close()
        return self.process.wait(timeout=10)


@pytest.fixture
def start() -> Iterator[Callable[..., Process]]:
    started: list[Process] = []

    def begin(*words: str) -> Process:
        started.append(Process(*words))
        return started[-1]

    yield begin
    for process in started:
        if process.process.poll() is None:
            process.end()


def pull(url: str, lever: str, told: Any = None, *, kind: str = "application/json") -> tuple[int, Any]:
    """One lever of the sandbox: status and JSON."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    method, body = ("GET", None) if told is None else ("POST", json.dumps(told))
    connection.request(method, f"/_sandbox/{lever}", body, {"Content-Type": kind})
    answer = connection.getresponse()
    value = json.load(answer)
    connection.close()
    return answer.status, value


def test_a_killed_sandbox_forgets_no_answered_call(start: Callable[..., Process], tmp_path: Path) -> None:
    first = start("--data", str(tmp_path))
    answered: list[str] = []

    def keep_paying() -> None:
        till = Till(first.v1)
        try:
            while True:
                answered.append(till.pay(key=f"visit-{len(answered)}").id)
        except stripe.APIConnectionError:
            return

    thread = threading.Thread(target=keep_paying)
    thread.start()
    assert eventually(lambda: len(answered) > 30)
    first.end(signal.SIGKILL)
    thread.join()
    second = start("--data", str(tmp_path))
    kept = [one.id for one in second.v1.payment_intents.list({"limit": 100}).auto_paging_iter()]
    assert set(answered) <= set(kept)
    assert len(kept) <= len(answered) + 1
    moved = [one.net for one in second.v1.balance_transactions.list({"limit": 100}).auto_paging_iter()]
    balance = second.v1.balance.retrieve()
    assert balance.pending[0].amount == sum(moved)


def test_keys_clock_and_webhooks_go_on_after_a_restart(
    start: Callable[..., Process], tmp_path: Path, inbox: Inbox
) -> None:
    inbox.status = 503
    words = ["--data", str(tmp_path), "--webhook", inbox.url, "--webhook-secret", SECRET]
    first = start(*words)
    pull(first.url, "clock", {"now": 1_700_000_000})
    made = first.v1.customers.create({"name": "Lee"}, {"idempotency_key": "one"})
    assert eventually(lambda: inbox.turned_away == 1)
    first.end(signal.SIGKILL)
    inbox.status = 200
    second = start(*words)
    assert second.v1.customers.create({"name": "Lee"}, {"idempotency_key": "one"}).id == made.id
    assert 1_700_000_000 <= pull(second.url, "clock")[1]["now"] < 1_700_000_060
    assert eventually(lambda: inbox.types() == ["customer.created"])
    assert len(second.v1.webhook_endpoints.list().data) == 1


def test_a_sandbox_told_to_end_ends_in_order(start: Callable[..., Process], tmp_path: Path) -> None:
    assert start("--data", str(tmp_path)).end(signal.SIGTERM) == 0


def test_the_clock_is_set_moved_and_given_back(sandbox: Sandbox, api: Any) -> None:
    assert pull(sandbox.url, "health") == (200, {"ok": True})
    pull(sandbox.url, "clock", {"now": 1_700_000_000})
    assert 0 <= api.customers.create({}).created - 1_700_000_000 < 60
    _, moved = pull(sandbox.url, "clock", {"advance": 86400})
    assert 86400 <= moved["now"] - 1_700_000_000 < 86460
    _, real = pull(sandbox.url, "clock", {"real": True})
    assert real["now"] > moved["now"]


def test_levers_play_the_people_outside(sandbox: Sandbox, till: Till) -> None:
    member = till.member(sandbox)
    status, account = pull(sandbox.url, f"accounts/{member}", {"outcome": "checking"})
    assert (status, account["capabilities"]) == (200, {"transfers": "pending"})
    status, dispute = pull(sandbox.url, "disputes", {"charge": till.pay().latest_charge})
    assert (status, dispute["status"]) == (200, "needs_response")
    assert pull(sandbox.url, f"disputes/{dispute['id']}", {"won": False})[1]["status"] == "lost"


def test_webhooks_can_be_held_counted_and_forgotten(inbox: Inbox) -> None:
    with Sandbox.running(webhook=inbox.url, secret=SECRET) as sandbox:
        pull(sandbox.url, "webhooks", {"hold": True})
        Till(client_of(sandbox.url).v1)
        assert pull(sandbox.url, "webhooks")[1] == {"hold": True, "duplicate": 1, "shuffle": False, "waiting": 1}
        assert pull(sandbox.url, "webhooks", {"forget": True})[1]["waiting"] == 0
        assert pull(sandbox.url, "deliver", {}) == (200, {"delivered": 0})
        assert inbox.letters == []


@pytest.mark.parametrize(
    ("lever", "told", "status"),
    [
        ("clock", {"now": "tomorrow"}, 400),
        ("clock", [], 400),
        ("faults", {"mode": "limited"}, 400),
        ("faults", [{"mode": "earthquake"}], 400),
        ("faults", ["limited"], 400),
        ("disputes/du_0", {"won": True}, 404),
        ("accounts/acct_0", {"outcome": "complete"}, 404),
        ("nothing", {}, 404),
    ],
)
def test_a_lever_pulled_wrongly_says_so(sandbox: Sandbox, lever: str, told: Any, status: int) -> None:
    assert pull(sandbox.url, lever, told)[0] == status


def test_another_sites_page_cannot_pull_a_lever(sandbox: Sandbox) -> None:
    assert pull(sandbox.url, "clock", {"advance": 1}, kind="text/plain")[0] == 415


def raw(url: str, request: bytes) -> bytes:
    """The first line of the answer to bytes sent as they are."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5) as connection:
        connection.sendall(request)
        return connection.recv(4096).split(b"\r\n")[0]


KEY = b"Authorization: Bearer sk_test_x\r\n"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"POST /v1/customers HTTP/1.1\r\n" + KEY + b"Content-Length: 2000000\r\n\r\n", b"413"),
        (b"POST /v1/customers HTTP/1.1\r\n" + KEY + b"Content-Length: many\r\n\r\n", b"400"),
        (b"POST /v1/customers HTTP/1.1\r\n" + KEY + b"Transfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"POST /v1/customers HTTP/1.1\r\n" + KEY + b"Content-Length: 2\r\n\r\n\xff\xfe", b"400"),
        (b"POST /v1/customers HTTP/1.1\r\n" + KEY + b"Content-Length: 9\r\n\r\nname=%ff&", b"400"),
        (b"POST /v1/customers HTTP/1.1\r\n" + KEY + b"Content-Length: 15\r\n\r\nname=a&name[b]=", b"400"),
        (b"POST /v1/customers HTTP/1.1\r\n" + KEY + b"Content-Length: 44\r\n\r\n" + b"a" + b"[b]" * 14 + b"=", b"400"),
        (b"GET /v1/customers?limit=0 HTTP/1.1\r\n" + KEY + b"\r\n", b"400"),
        (b"GET /v1/customers?created[gte][x]=1 HTTP/1.1\r\n" + KEY + b"\r\n", b"400"),
        (b"GET /v1/nothing HTTP/1.1\r\n" + KEY + b"\r\n", b"404"),
        (b"GET /v1/balance HTTP/1.1\r\n\r\n", b"401"),
        (b"BREW /v1/balance HTTP/1.1\r\n\r\n", b"501"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
)
def test_a_bad_request_is_answered_and_the_sandbox_lives_on(sandbox: Sandbox, request_: bytes, status: bytes) -> None:
    assert status in raw(sandbox.url, request_)
    assert pull(sandbox.url, "health")[0] == 200


def test_the_probe_asks_nothing_without_a_key_and_finds_the_sandbox_true(sandbox: Sandbox) -> None:
    command = [sys.executable, "-m", "payouts.sandbox.probe"]
    silent = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert silent.stdout == "NOT RUN: no test key was given (--key sk_test_...).\n"
    asked = [*command, "--base", sandbox.url, "--key", "sk_test_probe"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (told.returncode, set(re.findall(r" (OK|NO|SKIPPED)", told.stdout))) == (0, {"OK"}), told.stdout


def test_two_sandboxes_never_share_a_directory(start: Callable[..., Process], tmp_path: Path) -> None:
    start("--data", str(tmp_path))
    command = [sys.executable, "-m", "payouts.sandbox", "--port", "0", "--data", str(tmp_path)]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (second.returncode, second.stderr) == (1, "The sandbox cannot start: database is locked.\n")
