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
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

import psycopg

from coop.dev import environment, waiting
from coop.dev.embedded import AlreadyRunning, Services, claim
from coop.dev.processes import Program, ProgramFailed, run_to_end

HOME = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
NAME = "localhost"
"""What people type: a passkey belongs to a name and never to a number."""
FIRST_PORT = 8000
DEMO = ["demo"]
UNFINISHED_DEMO = "demo-unfinished"
PROGRESS = "progress"
PATIENCE = 60.0  # seconds until a part has to be ready
SERVED, MIGRATED, LIVED = 3, 15, 95  # per cent done, once the servers, the tables and the demo are there


class House:
    """All parts of the co-op, running."""

    def __init__(self, local: Path, given: Mapping[str, str]) -> None:
        """`local` keeps the data; what is `given` in the environment comes before what we would choose."""
        self.local = local
        self.given = given
        self.services: Services | None = None
        self.environment: dict[str, str] = {}
        self.door: socket.socket | None = None
        self.port = 0
        self.address = ""
        self.parts: list[Program] = []
        self.percent = 0

    def open(self) -> None:
        """Start everything, in the order in which the parts need one another; ProgramFailed when one will not."""
        self.services = Services.start(self.local, given=self.given)
        self.door = self._settle(self.services)
        self._answer_meanwhile(self.door)
        self._forget_unfinished_demo(self.services)
        if "STRIPE_API_KEY" not in self.given:
            self._start_stand_in()
        self._manage("migrate", "--verbosity", "0")
        self._tell(MIGRATED)
        self._load_demo(self.services)
        self._tell(LIVED)
        self._start("worker", "celery", "-A", "coop", "worker", "--concurrency", "2", "--loglevel", "INFO")
        self._start("beat", "celery", "-A", "coop", "beat", "--schedule", self.local / "beat", "--pidfile", "")
        self._open_door(self.door)
        environment.write(self.local / environment.ADDRESSES, self.environment)

    def welcome(self) -> None:
        """Say where it is and how to come in."""
        say(f"\nEvenhand is open at {self.address}   (logs are in {self.local / 'log'}; Ctrl-C ends it)")
        if self.environment["DEMO"] == "true" and has_people(self.environment["DATABASE_URL"]):
            self._manage("demo_links")
            say(f"  Anybody else, and the mails that were sent: {self.address}/demo")
        else:
            self._manage("setup")

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
        if self.door:
            self.door.close()
        if self.services:  # else the folder is another one's
            (self.local / environment.ADDRESSES).unlink(missing_ok=True)
            self.services.stop()

    def _settle(self, services: Services) -> socket.socket:
        """Choose the address and gather the environment that all parts share; the socket at which people knock."""
        wanted = int(self.given.get("PORT", FIRST_PORT))
        door = listen_from(wanted)
        self.port = door.getsockname()[1]
        if self.port != wanted:
            say(f"Port {wanted} is taken: using {self.port}.")
        self.address = f"http://{NAME}:{self.port}"
        self.environment = {
            "DEBUG": "true",
            "DEMO": "true",
            "BASE_URL": self.address,
            "BIND": f"fd://{door.fileno()}",
            "ALLOWED_HOSTS": f"{HOST},{NAME}",
            "LOCAL_DIR": str(self.local),
            "PYTHONUNBUFFERED": "1",
            **environment.made_once(self.local),
            **self.given,
            "DATABASE_URL": services.database_url,
            "REDIS_URL": services.redis_url,
        }
        return door

    def _answer_meanwhile(self, door: socket.socket) -> None:
        """Let whoever comes early see how far it is."""
        say(f"Getting ready: {self.address} shows how far it is, and then the co-op.")
        self._tell(SERVED)
        where = ["--socket", str(door.fileno()), "--progress", str(self.local / PROGRESS)]
        self._start("waiting", "python", "-m", "coop.dev.waiting", *where, handed=[door])

    def _open_door(self, door: socket.socket) -> None:
        """The site takes the socket over, on which both answer for a moment: nobody is turned away."""
        self._start("web", "gunicorn", "coop.wsgi", handed=[door])
        door.close()
        self.parts[-1].wait_until(lambda: answers(self.port, "/healthz"), seconds=PATIENCE)
        early = next(part for part in self.parts if part.name == "waiting")
        early.stop()
        self.parts.remove(early)

    def _tell(self, percent: int) -> None:
        """Say how far it is: on the page, and in the terminal."""
        waiting.tell(self.local / PROGRESS, percent)
        if sys.stdout.isatty():
            sys.stdout.write(f"\r{percent:3} %")
            sys.stdout.flush()
        elif percent // 10 > self.percent // 10:
            say(f"{percent} %")
        self.percent = percent

    def _start_stand_in(self) -> None:
        """Stripe's place is taken by a stand-in: no real money moves."""
        port = next_free_port(self.port + 1)
        self.environment["STRIPE_BASE_URL"] = f"http://{HOST}:{port}"
        hook = [
            "--webhook",
            f"http://{HOST}:{self.port}/stripe/webhook",
            "--webhook-secret",
            self.environment["STRIPE_WEBHOOK_SECRET"],
        ]
        where = ["--port", str(port), "--data", str(self.local / "stripe")]
        self._start("stripe", "python", "-m", "payouts.sandbox", *where, *hook)
        self.parts[-1].wait_until(lambda: answers(port, "/_sandbox/health"), seconds=PATIENCE)

    def _start(self, name: str, program: str, *arguments: str | Path, handed: Sequence[socket.socket] = ()) -> None:
        command = [Path(sys.executable).parent / program, *arguments]
        log = self.local / "log" / f"{name}.log"
        self.parts.append(Program(name, command, log=log, environment=self.environment, handed=handed))

    def _manage(self, *arguments: str, hear: Callable[[str], None] | None = None) -> None:
        command = [sys.executable, str(HOME / "manage.py"), *arguments]
        run_to_end(f"manage.py {arguments[0]}", command, environment=self.environment, hear=hear)

    def _load_demo(self, services: Services) -> None:
        """Fill an empty house with a co-op to look at; one with people in it stays as it is."""
        if self.environment["DEMO"] != "true" or has_people(services.database_url):
            return
        if "STRIPE_API_KEY" in self.given:
            say("A Stripe key of your own is set, and the demo is for the stand-in only: the house is empty.")
            return
        say("Living through the demo: half a year of a co-op. A minute or two, this once.")
        unfinished = self.local / UNFINISHED_DEMO
        unfinished.touch()
        self._manage(*DEMO, hear=self._hear_demo)
        unfinished.unlink()

    def _hear_demo(self, line: str) -> None:
        """It says how many per cent of its life it has lived."""
        if line.endswith(" %"):
            self._tell(MIGRATED + (LIVED - MIGRATED) * int(line.removesuffix(" %")) // 100)
        else:
            say(line)

    def _forget_unfinished_demo(self, services: Services) -> None:
        """A demo that was interrupted would be half a co-op: begin again, unless the database is not ours."""
        unfinished = self.local / UNFINISHED_DEMO
        if unfinished.exists() and services.owns_database:
            say("The demo was interrupted the last time: beginning again.")
            services.empty_database()
            shutil.rmtree(self.local / "stripe", ignore_errors=True)
        unfinished.unlink(missing_ok=True)


def say(text: str) -> None:
    """Tell the person at the terminal, in place of how far it was."""
    sys.stdout.write(f"\r{text}\n" if sys.stdout.isatty() else f"{text}\n")
    sys.stdout.flush()


def listen_from(port: int) -> socket.socket:
    """Listen on `port`, or the first one after it on which nobody else does."""
    while True:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
            listening.listen()
        except OSError:
            listening.close()
            port += 1
        else:
            return listening


def next_free_port(port: int) -> int:
    """`port`, or the first one after it on which nobody listens."""
    with listen_from(port) as listening:
        free: int = listening.getsockname()[1]
        return free


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
