"""`python -m payouts.sandbox`: the sandbox as a process of its own."""

from __future__ import annotations

import argparse
import logging
import signal
import sqlite3
import sys
import threading
from pathlib import Path
from types import FrameType

from payouts.sandbox.errors import Refused
from payouts.sandbox.sandbox import SECRET, Sandbox


def main() -> None:
    told = _arguments()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    try:
        sandbox = Sandbox(
            webhook=told.webhook, secret=told.webhook_secret, data=told.data, host=told.host, port=told.port
        )
    except (OSError, sqlite3.OperationalError, Refused) as trouble:
        sys.exit(f"The sandbox cannot start: {trouble}.")

    def end(_signal: int, _frame: FrameType | None) -> None:
        threading.Thread(target=sandbox.stop).start()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    sys.stdout.write(f"Sandbox at {sandbox.url}\n")
    sys.stdout.flush()
    sandbox.run()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m payouts.sandbox", description="A stand-in for Stripe: no real money."
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: this machine only)")
    parser.add_argument("--port", type=int, default=12111, help="default: 12111; 0 takes any free port")
    parser.add_argument(
        "--data", type=Path, help="a directory to keep the state in; without it all is forgotten at the end"
    )
    parser.add_argument("--webhook", help="the address that every event is sent to")
    parser.add_argument(
        "--webhook-secret", default=SECRET, help="what those events are signed with (default: %(default)s)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
