"""Celery workers, one after the other, that begin at once: `python -m tests.payouts.workers` has read all code already.

At each line `start` it forks one, in a process group of its own; at each line `kill` it ends that group with SIGKILL,
children and all. It says when it is done.
"""

import os
import signal
import sys

import django

from coop.celery import app

WORKER = ["worker", "--concurrency", "2", "--loglevel", "INFO"]


def main() -> None:
    django.setup()
    app.loader.import_default_modules()
    worker = 0
    for line in sys.stdin:
        if line.strip() == "start":
            worker = _fork()
        else:
            os.killpg(worker, signal.SIGKILL)
            os.waitpid(worker, 0)
        sys.stdout.write("done\n")
        sys.stdout.flush()


def _fork() -> int:
    worker = os.fork()
    if not worker:
        os.setsid()
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        app.worker_main(WORKER)
        os._exit(0)
    return worker


if __name__ == "__main__":
    main()
