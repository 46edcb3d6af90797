"""`make run`: the whole co-op on this machine, its parts started together and stopped together.

`make reset` comes here too, and throws the data away.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

import psycopg

from coop.dev import environment
from coop.dev.embedded import AlreadyRunning, Services, claim
from coop.dev.processes import Program, ProgramFailed, run_to_end

HOME = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
FIRST_PORT = 8000
DEMO = ["demo", "--members", "34", "--clients", "200", "--months", "6", "--seed", "1"]
UNFINISHED_DEMO = "demo-unfinished"
PATIENCE = 60.0  # seconds until a part has to be ready


class House:
    """All parts of the co-op, running."""

    def __init__(self, local: Path, given: Mapping[str, str]) -> None:
        """`local` keeps the data; what is `given` in the environment comes before what we would choose."""
        self.local = local
        self.given = given
        self.services: Services | None = None
        self.environment: dict[str, str] = {}
        self.port = 0
        self.address = ""
        self.parts: list[Program] = []

    def open(self) -> None:
        """Start everything, in the order in which the parts need one another; ProgramFailed when one will not."""
        self.services = Services.start(self.local, given=self.given)
        self._forget_unfinished_demo(self.services)
        self._settle(self.services)
        if "STRIPE_API_KEY" not in self.given:
            self._start_stand_in()
        self._manage("migrate", "--verbosity", "0")
        self._load_demo(self.services)
        self._start_web()
        self._start("worker", "celery", "-A", "coop", "worker", "--concurrency", "2", "--loglevel", "INFO")
        self._start("beat", "celery", "-A", "coop", "beat", "--schedule", self.local / "beat", "--pidfile", "")
        environment.write(self.local / environment.ADDRESSES, self.environment)

    def welcome(self) -> None:
        """Say where it is and how to come in."""
        say(f"\nEvenhand is open at {self.address}   (logs are in {self.local / 'log'}; Ctrl-C ends it)")
        if self.environment["DEMO"] == "true":
            self._manage("demo_links")
            say(f"  Anybody else, and the mails that were sent: {self.address}/demo")

    def watch(self) -> None:
        """Stay until a part dies; ProgramFailed says which."""
        while True:
            self.look()
            time.sleep(0.3)

    def look(self) -> None:
        """ProgramFailed if a part is gone."""
        trouble = self.services and self.services.died()
        trouble = trouble or next((part.obituary() for part in self.parts if not part.alive), None)
        if trouble:
            raise ProgramFailed(trouble)

    def close(self) -> None:
        """Stop all that was started: first what uses the servers, then the servers."""
        for part in self.parts:
            part.ask_to_stop()
        for part in self.parts:
            part.stop()
        self.parts.clear()
        if self.services:  # else the folder is another one's
            (self.local / environment.ADDRESSES).unlink(missing_ok=True)
            self.services.stop()

    def _settle(self, services: Services) -> None:
        """Choose the address and gather the environment that all parts share."""
        wanted = int(self.given.get("PORT", FIRST_PORT))
        self.port = next_free_port(wanted)
        if self.port != wanted:
            say(f"Port {wanted} is taken: using {self.port}.")
        self.address = f"http://{HOST}:{self.port}"
        self.environment = {
            "DEBUG": "true",
            "DEMO": "true",
            "BASE_URL": self.address,
            "BIND": f"{HOST}:{self.port}",
            "ALLOWED_HOSTS": f"{HOST},localhost",
            "LOCAL_DIR": str(self.local),
            "PYTHONUNBUFFERED": "1",
            **environment.made_once(self.local),
            **self.given,
            "DATABASE_URL": services.database_url,
            "REDIS_URL": services.redis_url,
        }

    def _start_stand_in(self) -> None:
        """Stripe's place is taken by a stand-in: no real money moves."""
        port = next_free_port(self.port + 1)
        self.environment["STRIPE_BASE_URL"] = f"http://{HOST}:{port}"
        hook = [
            "--webhook",
            f"{self.address}/stripe/webhook",
            "--webhook-secret",
            self.environment["STRIPE_WEBHOOK_SECRET"],
        ]
        where = ["--port", str(port), "--data", str(self.local / "stripe")]
        self._start("stripe", "python", "-m", "payouts.sandbox", *where, *hook)
        self.parts[-1].wait_until(lambda: answers(port, "/_sandbox/health"), seconds=PATIENCE)

    def _start_web(self) -> None:
        self._start("web", "gunicorn", "coop.wsgi")
        self.parts[-1].wait_until(lambda: answers(self.port, "/healthz"), seconds=PATIENCE)

    def _start(self, name: str, program: str, *arguments: str | Path) -> None:
        command = [Path(sys.executable).parent / program, *arguments]
        self.parts.append(Program(name, command, log=self.local / "log" / f"{name}.log", environment=self.environment))

    def _manage(self, *arguments: str) -> None:
        command = [sys.executable, str(HOME / "manage.py"), *arguments]
        run_to_end(f"manage.py {arguments[0]}", command, environment=self.environment)

    def _load_demo(self, services: Services) -> None:
        """Fill an empty house with a co-op to look at; one with people in it stays as it is."""
        if self.environment["DEMO"] != "true" or has_people(services.database_url):
            return
        if "STRIPE_API_KEY" in self.given:
            say("A Stripe key of your own is set, and the demo is for the stand-in only: the house is empty.")
            return
        say("Living through the demo: 34 members, 200 clients, half a year. A few minutes, this once.")
        unfinished = self.local / UNFINISHED_DEMO
        unfinished.touch()
        self._manage(*DEMO)
        unfinished.unlink()

    def _forget_unfinished_demo(self, services: Services) -> None:
        """A demo that was interrupted would be half a co-op: begin again, unless the database is not ours."""
        unfinished = self.local / UNFINISHED_DEMO
        if unfinished.exists() and services.owns_database:
            say("The demo was interrupted the last time: beginning again.")
            services.empty_database()
            shutil.rmtree(self.local / "stripe", ignore_errors=True)
        unfinished.unlink(missing_ok=True)


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def next_free_port(port: int) -> int:
    """`port`, or the first one after it on which nobody listens."""
    while not is_free(port):
        port += 1
    return port


def is_free(port: int) -> bool:
    """Whether we could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int, path: str) -> bool:
    """Whether something answers 200 there."""
    asked = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        asked.request("GET", path)
        return asked.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def has_people(database_url: str) -> bool:
    """Whether anybody is known in this database."""
    with psycopg.connect(database_url) as database:
        return database.execute("SELECT EXISTS (SELECT FROM members_user)").fetchone() == (True,)


def run(local: Path, given: Mapping[str, str]) -> int:
    """Open the house and stay until somebody or something ends it; the exit code of the process."""
    house = House(local, given)
    try:
        house.open()
        house.welcome()
        house.watch()
    except KeyboardInterrupt:
        say("\nStopping.")
        return 0
    except (AlreadyRunning, ProgramFailed) as trouble:
        say(f"\n{trouble}\nStopping the rest.")
        return 1
    finally:
        _on_interruption(signal.SIG_IGN)
        house.close()
    return 0


def reset(local: Path) -> int:
    """Throw all data away, unless it is in use."""
    if local.exists():
        try:
            with claim(local):
                shutil.rmtree(local)
        except AlreadyRunning as trouble:
            say(str(trouble))
            return 1
    return 0


def _on_interruption(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Once is enough: a shell and make may both tell us, and stopping must not be interrupted."""
    _on_interruption(signal.SIG_IGN)
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    """What make calls."""
    os.chdir(HOME)
    os.umask(0o077)  # logs and mails of a demo are nobody else's business
    local = Path(os.environ.get("LOCAL_DIR", HOME / ".local")).resolve()
    _on_interruption(_interrupt)
    return reset(local) if arguments == ["reset"] else run(local, dict(os.environ))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
