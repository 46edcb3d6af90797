"""Programs that run beside this one: started with a log of their own, stopped in order, never left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

PR_SET_PDEATHSIG = 1  # from <linux/prctl.h>


@dataclass(frozen=True)
class Account:
    """The Unix account that a part runs as, where that is not ours."""

    uid: int
    gid: int


class ProgramFailed(Exception):
    """A part ended by itself, or never became ready; the message says which and ends with its last words."""


class Program:
    """One program of ours. Linux ends it with `end` when we are gone, even when we had no chance to tidy up.

    Start parts from the main thread: Linux watches the thread that started the child, not the whole process.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        account: Account | None = None,
        end: signal.Signals = signal.SIGTERM,
        handed: Sequence[socket.socket] = (),
    ) -> None:
        """`handed` are the sockets that the program takes over, under the same numbers."""
        self.name = name
        self.log = log
        self.end = end
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as sink:
            self._begins_at = sink.tell()
            self.process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=None if environment is None else dict(environment),
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                start_new_session=True,
                pass_fds=[one.fileno() for one in handed],
                preexec_fn=_tie_to(os.getpid(), end),
            )

    @property
    def alive(self) -> bool:
        """Whether the program still runs."""
        return self.process.poll() is None

    def last_words(self, lines: int = 15) -> str:
        """The last lines of what it wrote since it was started."""
        with self.log.open("rb") as log:
            log.seek(max(self._begins_at, self.log.stat().st_size - 16_384))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])

    def obituary(self) -> str:
        """Which part ended, how, and what it said last."""
        return f"{self.name} ended by itself (exit {self.process.poll()}). The end of {self.log}:\n{self.last_words()}"

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Come back when `ready()` holds; ProgramFailed if the part dies first or takes longer than `seconds`."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.alive:
                raise ProgramFailed(self.obituary())
            if time.monotonic() > deadline:
                raise ProgramFailed(
                    f"{self.name} was not ready after {seconds:.0f} s. The end of {self.log}:\n{self.last_words()}"
                )
            time.sleep(0.05)

    def ask_to_stop(self) -> None:
        """Ask it to end by itself; safe when it already has."""
        if self.alive:
            self.process.send_signal(self.end)

    def stop(self, *, patience: float = 10.0) -> None:
        """End it and all it started: first politely, after `patience` seconds for good."""
        self.ask_to_stop()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            pass
        finally:
            _kill_group(self.process.pid)
            self.process.wait()


def run_to_end(
    name: str,
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    hear: Callable[[str], None] | None = None,
) -> None:
    """Run a program that ends by itself; ProgramFailed if it was not content.

    What it says goes to our own terminal, or line by line to `hear`.
    """
    tie = _tie_to(os.getpid(), signal.SIGTERM)
    words = [str(word) for word in command]
    told = subprocess.PIPE if hear else None
    with subprocess.Popen(words, env=dict(environment), preexec_fn=tie, stdout=told, text=True) as program:
        try:
            for line in program.stdout or ():
                hear and hear(line.rstrip())
            program.wait()
        except BaseException:
            program.kill()
            raise
    if program.returncode:
        raise ProgramFailed(f"{name} did not succeed (exit {program.returncode}); it says above why.")


def _kill_group(leader: int) -> None:
    """End for good what is left of the session that a part began."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _tie_to(parent: int, end: signal.Signals) -> Callable[[], None] | None:
    """What a child does before it becomes its program: ask Linux for `end` on the death of `parent`."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(end))
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return tie


def command_of(pid: int) -> str:
    """The command line of a running process; empty when there is none by that number."""
    if not Path("/proc/self/cmdline").exists():
        return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def package_folder(name: str) -> Path:
    """Where an installed package keeps its files. It is not imported: we want its programs, not its ways."""
    spec = find_spec(name)
    if spec is None or not spec.origin:
        raise ModuleNotFoundError(f"{name} is not installed; requirements-dev.txt has it.")
    return Path(spec.origin).resolve().parent
