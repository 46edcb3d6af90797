"""The sandbox as a whole: started as a process of its own, or in a test's thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from payouts.sandbox.api import Api
from payouts.sandbox.clock import Clock
from payouts.sandbox.document import published
from payouts.sandbox.errors import Obj
from payouts.sandbox.faults import Fault, Faults
from payouts.sandbox.objects import bank, connect, disputes, hooks
from payouts.sandbox.objects.passing import pass_time
from payouts.sandbox.store import Store
from payouts.sandbox.web.control import Control
from payouts.sandbox.web.hosted import Hosted
from payouts.sandbox.web.http import Reply, Request
from payouts.sandbox.web.server import bind
from payouts.sandbox.webhooks import Manners, Postman

SECRET = "whsec_sandbox"  # noqa: S105  (made up, for tests)


class Sandbox:
    """A Stripe of one's own at `url`. With `data` its state lives in that directory, else only in memory."""

    def __init__(
        self,
        *,
        webhook: str | None = None,
        secret: str = SECRET,
        data: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self._store = Store(data)
        self._clock = Clock(self._store)
        self._faults = Faults()
        self._postman = Postman(self._store)
        self._server = bind(host, port, self.serve)
        self.url = f"http://{host}:{self._server.server_port}"
        self._api = Api(store=self._store, document=published(), clock=self._clock, faults=self._faults, base=self.url)
        self._hosted = Hosted(store=self._store, api=self._api)
        self._control = Control(
            store=self._store, api=self._api, clock=self._clock, faults=self._faults, postman=self._postman
        )
        if webhook:
            self.listen(webhook, secret)

    @classmethod
    @contextmanager
    def running(
        cls, *, webhook: str | None = None, secret: str = SECRET, data: Path | None = None, port: int = 0
    ) -> Iterator[Sandbox]:
        """A sandbox in threads of this process, on a free port, until the block ends."""
        sandbox = cls(webhook=webhook, secret=secret, data=data, port=port)
        thread = threading.Thread(target=sandbox.run, name="sandbox", daemon=True)
        thread.start()
        try:
            yield sandbox
        finally:
            sandbox.stop()
            thread.join(timeout=10)

    def run(self) -> None:
        """Serve until `stop`."""
        self._postman.start()
        try:
            self._server.serve_forever(poll_interval=0.05)
        finally:
            self._postman.stop()
            self._server.server_close()
            self._store.close()

    def stop(self) -> None:
        """End `run`; call it from another thread."""
        self._server.shutdown()

    def serve(self, request: Request) -> Reply:
        if request.path.startswith("/_sandbox/"):
            reply = self._control.answer(request)
        elif request.path.startswith(("/v1/", "/v2/")):
            reply = self._api.answer(request)
        else:
            reply = self._hosted.answer(request)
        if request.method != "GET":
            self._postman.wake()
        return reply

    def listen(self, webhook: str, secret: str) -> None:
        """Send every event to this address, signed with this secret; it replaces the one from before."""
        with self._store.transaction():
            hooks.listen(self._api.desk(), url=webhook, secret=secret)

    def now(self) -> int:
        return self._clock.now()

    def advance(self, seconds: int) -> None:
        """Let time pass, and everything happen that falls due."""
        self._clock.advance(seconds)
        self._pass_time()

    def set_clock(self, epoch: int) -> None:
        self._clock.set(epoch)
        self._pass_time()

    def faults(self, *faults: Fault) -> None:
        """These troubles come next, and no others."""
        self._faults.plan(list(faults))

    def webhooks(self, *, hold: bool = False, duplicate: int = 1, shuffle: bool = False) -> None:
        self._postman.manners = Manners(hold=hold, duplicate=duplicate, shuffle=shuffle)

    def deliver(self) -> int:
        """Send all waiting webhooks now, held back or not; how many arrived."""
        return self._postman.deliver()

    def onboard(self, account: str, outcome: str = "complete") -> None:
        """What a member does on the onboarding page: `complete`, `unfinished` or `checking`."""
        with self._store.transaction():
            desk = self._api.desk()
            connect.onboard(desk, desk.get("account", account), outcome)
        self._postman.wake()

    def dispute(self, charge: str) -> str:
        """A client's bank takes a charge back; the id of the dispute."""
        with self._store.transaction():
            desk = self._api.desk()
            opened: Obj = disputes.open(desk, desk.get("charge", charge), reason="fraudulent")
        self._postman.wake()
        return str(opened["id"])

    def judge(self, dispute: str, *, won: bool) -> None:
        """The bank's word on a dispute."""
        with self._store.transaction():
            desk = self._api.desk()
            disputes.judge(desk, desk.get("dispute", dispute), won=won)
        self._postman.wake()

    def moves(self, type: str, cents: int, *, fee: int = 0, words: str = "") -> str:
        """Something moves in the balance that nobody asked for; the id of the movement."""
        with self._store.transaction():
            told = {"type": type, "cents": cents, "fee": fee, "words": words}
            return str(bank.by_hand(self._api.desk(), told)["id"])

    def pays_out_daily(self, *, on: bool = True) -> None:
        """What can be spent goes to the bank once a day by itself."""
        with self._store.transaction():
            bank.switch_automatic(self._api.desk(), on=on)

    def payout_fails(self, payout: str) -> None:
        """The bank sends a payout back."""
        with self._store.transaction():
            desk = self._api.desk()
            bank.fail(desk, desk.get("payout", payout))
        self._postman.wake()

    def _pass_time(self) -> None:
        with self._store.transaction():
            pass_time(self._api.desk())
        self._postman.wake()
