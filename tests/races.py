"""Several people at the same moment: real threads, each with a connection of its own."""

import os
import random
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection

Step = Callable[[], Any]


def at_once(*steps: Step, spread: float = 0.004) -> list[Any]:
    """Take all steps at the same moment, give or take `spread` seconds; what each returned or raised, in order.

    The waits come from a seed, which a failing test prints; with it as RACE_SEED they are the same again.
    """
    seed = int(os.environ.get("RACE_SEED") or random.randrange(10**6))
    print(f"RACE_SEED={seed}")  # noqa: T201
    waits = [random.Random(seed + number).uniform(0, spread) for number in range(len(steps))]
    results: list[Any] = [None] * len(steps)
    start = threading.Barrier(len(steps))

    def take(number: int) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=60)
            time.sleep(waits[number])
            results[number] = steps[number]()
        except Exception as trouble:
            results[number] = trouble
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(number,)) for number in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=90)
    return results
