"""The real thing for tests: as in production two web processes behind a proxy, a worker, a database of its own.

With them the Stripe stand-in, and real mails.

Only the clock is the story's (`tests/clock.py`), and whoever tells the story says when a sweep comes by, which
otherwise beat does each minute.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import redis
import requests
from celery import Celery
from django.conf import settings
from django.db import connection

from coop.dev.embedded import free_port
from coop.dev.processes import Program
from payouts.sandbox import Sandbox
from tests import databases
from tests.clock import VARIABLE, Clock
from tests.keys import NOTHING, shown
from tests.mailbox import Mailbox
from tests.post_office import PostOffice
from tests.processes import ROOT, before_long
from tests.visitor import Visitor, path_of

PATIENCE = 120.0
HELPER = os.environ.get("PYTEST_XDIST_WORKER", "")
"""Which of the processes that share the tests this is; empty where there is only one."""
BROKER_ROOMS = {"journey": 7, "gallery": 8, "browser": 9}
ROOMS = 3
"""The room of Valkey that belongs to each story: no other one's doorbell rings there. Each helper has rooms of its own;
there are sixteen, which is enough for three helpers that tell the same story."""


def room_of(name: str) -> int:
    """The number of a story's room."""
    return BROKER_ROOMS[name] + ROOMS * (int(HELPER.removeprefix("gw") or 0) % ROOMS)


class Stack:
    """A running co-op. `site` is its address, `now` its time."""

    def __init__(self, name: str, *, database: str, starts: datetime) -> None:
        self.folder = Path(os.environ["LOCAL_DIR"]) / f"{name}{HELPER}"
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "mail").mkdir(parents=True)
        self.mails = Mailbox(self.folder / "mail")
        self.site, self.behind = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        self.broker = urlunsplit(urlsplit(settings.REDIS_URL)._replace(path=f"/{room_of(name)}"))
        self.database = database
        self.clock = Clock(self.folder / "clock")
        self.clock.set(starts)
        self.parts: list[Program] = []
        self.people: dict[str, Visitor] = {}
        self.keys: dict[str, str] = {}
        """From what the app of somebody makes its codes, who set one up in the story."""
        self.used: set[tuple[str, str]] = set()
        """The codes that somebody has given already."""
        self.otherwise: dict[str, str] = {}
        """What the environment of all parts says otherwise than it usually does."""
        self.web_alone: dict[str, str] = {}
        """What the web's environment says otherwise than the worker's."""

    @contextmanager
    def running(self) -> Iterator[Stack]:
        """All parts, until the block ends; then none."""
        with ExitStack() as ends:
            redis.Redis.from_url(self.broker).flushdb()
            hook = f"{self.site}/stripe/webhook"
            self.stripe = ends.enter_context(Sandbox.running(webhook=hook, secret=settings.STRIPE_WEBHOOK_SECRET))
            self.stripe.set_clock(int(self.now.timestamp()))
            ends.callback(self._stop)
            self._start()
            self._celery = ends.enter_context(Celery(broker=self.broker))
            yield self

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def visitor(self) -> Visitor:
        """Somebody new at the front door."""
        return Visitor(self.site)

    def person(self, email: str) -> Visitor:
        """Somebody of the co-op at its front door: the same as before, and signed in again if it was long ago."""
        person = self.people.setdefault(email, self.visitor())
        person.visit(self.site)
        if any(path_of(href).endswith("/account/sign-in") for href, _words in person.links()):
            self._sign_in(person, email)
        return person

    def _sign_in(self, person: Visitor, email: str) -> None:
        """With the code from their mail."""
        before = len(self.mails.codes(email))
        person.visit(f"{self.site}/account/sign-in/")
        person.send("/account/sign-in", email=email)
        self.until(lambda: len(self.mails.codes(email)) > before, f"a code was sent to {email}")
        person.send("/account/sign-in/code", code=self.mails.codes(email)[-1])
        if path_of(person.address).endswith("/account/sign-in/key"):
            person.send("/account/sign-in/key", code=self.code_of(email))

    def code_of(self, email: str) -> str:
        """What the app of somebody shows, whose clock may run half a minute ahead: as each code counts once, else the
        next one would have to be waited for so often."""

        def codes() -> list[str]:
            moments = (datetime.now(UTC) + timedelta(seconds=ahead) for ahead in (0, 30))
            found = [shown(moment, self.keys.get(email, NOTHING)) for moment in moments]
            return [code for code in found if (email, code) not in self.used]

        self.until(codes, "the app shows another code", seconds=40)
        code = codes()[0]
        self.used.add((email, code))
        return code

    def go_to(self, moment: datetime) -> None:
        """Let time pass until `moment`: for the co-op, for Stripe, and for whatever falls due."""
        assert moment >= self.now, "time does not run back"
        self.clock.set(moment)
        self.stripe.set_clock(int(moment.timestamp()))
        self.sweep()

    def wait(self, **span: float) -> None:
        """Let a timedelta pass."""
        self.go_to(self.now + timedelta(**span))

    def sweep(self, *names: str) -> None:
        """Every sweep (or these) comes by once, done by the real worker."""
        from coop.models import Heartbeat

        asked = self.now
        wanted = set(names or settings.SWEEPS)
        for name in settings.SWEEPS:
            if name in wanted:
                self._celery.send_task(name)
        done = Heartbeat.objects.filter(at__gte=asked, sweep__in=wanted)
        self.until(lambda: done.count() == len(wanted), f"the sweeps are done: {sorted(wanted)}")
        if trouble := list(done.exclude(trouble="").values_list("sweep", "trouble")):
            raise AssertionError("\n".join(f"{sweep}: {what}" for sweep, what in trouble))

    def until(self, holds: object, what: str, *, seconds: float = 60) -> None:
        """Wait for something that a worker does by itself."""
        assert callable(holds)
        if not before_long(holds, seconds=seconds):
            raise AssertionError(f"Not so after {seconds:.0f} s: {what}.\n{self.last_words()}")

    def last_words(self) -> str:
        """The ends of the logs of all parts."""
        return "\n".join(f"--- {part.name}\n{part.last_words(12)}" for part in self.parts)

    def _start(self) -> None:
        program = Path(sys.executable).parent
        web = self._part(
            "web",
            *(program / "gunicorn", "tests.programs:web", "--config", "python:tests.programs_settings"),
            *("--bind", urlsplit(self.behind).netloc),
        )
        self._part("proxy", program / "caddy", "run", "--config", self._proxy_settings())
        celery = (program / "celery", "-A", "tests.programs:worker", "worker", "--without-mingle", "--without-gossip")
        self._part("worker", *celery, "--concurrency", "2", "--loglevel", "INFO")
        web.wait_until(self._answers, seconds=PATIENCE)

    def _proxy_settings(self) -> Path:
        """A proxy that tells the site who comes, and believes nobody else who says so."""
        path = self.folder / "Caddyfile"
        door, behind = urlsplit(self.site), urlsplit(self.behind).netloc
        words = [f"{door.scheme}://:{door.port} {{", f"bind {door.hostname}", f"reverse_proxy {behind}", "}"]
        path.write_text("\n".join(["{", "admin off", "auto_https off", "persist_config off", "}", *words, ""]))
        return path

    def _part(self, name: str, *command: str | Path) -> Program:
        otherwise = self.web_alone if name == "web" else {}
        part = Program(name, command, log=self.folder / f"{name}.log", environment=self._environment() | otherwise)
        self.parts.append(part)
        return part

    def _environment(self) -> dict[str, str]:
        at = urlsplit(os.environ["DATABASE_URL"])
        return {
            **os.environ,
            "DEBUG": "false",
            "LOG_LEVEL": "INFO",
            "DATABASE_URL": urlunsplit(at._replace(path=f"/{self.database}")),
            "REDIS_URL": self.broker,
            "BASE_URL": self.site,
            "ALLOWED_HOSTS": "127.0.0.1,localhost",  # passkeys belong to a name
            "TRUSTED_PROXIES": "1",
            "HOME": str(self.folder),
            "STRIPE_BASE_URL": self.stripe.url,
            "EMAIL_URL": f"filemail:///{self.folder / 'mail'}",
            "SMS_URL": f"file://{self.folder / 'sms'}",
            "VAPID_PRIVATE_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            "STATIC_ROOT": str(collected()),
            "DJANGO_SETTINGS_MODULE": "coop.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            VARIABLE: str(self.clock.file),
            **self.otherwise,
        }

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.site}/healthz", timeout=2).ok
        except requests.RequestException:
            return False

    def _stop(self) -> None:
        for part in self.parts:
            part.ask_to_stop()
        for part in self.parts:
            part.stop()


def collected() -> Path:
    """The static files as production serves them, collected once a run: helpers share them."""
    folder = Path(os.environ["LOCAL_DIR"]) / "collected"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _collect(unfinished := folder.with_suffix(".unfinished"))
            unfinished.rename(folder)
    return folder


def _collect(folder: Path) -> None:
    environment = {**os.environ, "DEBUG": "false", "STATIC_ROOT": str(folder)}
    manage = str(ROOT / "manage.py")
    command = [sys.executable, "-W", "ignore", manage, "collectstatic", "--noinput", "--verbosity", "0"]
    part = Program("collectstatic", command, log=folder.with_suffix(".log"), environment=environment)
    deadline = time.monotonic() + PATIENCE
    while part.alive and time.monotonic() < deadline:
        time.sleep(0.05)
    assert part.process.returncode == 0, part.last_words()


@contextmanager
def story(name: str, *, starts: datetime) -> Iterator[Stack]:
    """A co-op that opens at `starts`, with nobody in it yet."""
    with before_it_runs(name, starts=starts) as stack, stack.running():
        yield stack


@contextmanager
def from_nothing(name: str, *, starts: datetime) -> Iterator[Stack]:
    """The same on the day on which the machine was set up: its door was never opened, and its mail goes by a server."""
    with before_it_runs(name, starts=starts) as stack, PostOffice.running(folder=stack.mails.folder) as office:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE bookings_doorsign")
        mail = {"EMAIL_URL": f"smtp://127.0.0.1:{office.port}", "DEFAULT_FROM_EMAIL": "hello@coop.example"}
        stack.otherwise |= mail | {"COOP_NAME": settings.EXAMPLE_NAME}
        with stack.running():
            yield stack


@contextmanager
def before_it_runs(name: str, *, starts: datetime) -> Iterator[Stack]:
    """The same with its database alone; none of its parts runs."""
    database = f"story_{name}_{os.getpid()}"
    with databases.another(database), databases.spoken_to(database):
        yield Stack(name, database=database, starts=starts)
