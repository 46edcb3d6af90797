"""One call of the API, from the key in its header to the reply, each step held to Stripe's document."""

from __future__ import annotations

import json
import logging
import secrets
import time
from dataclasses import replace
from typing import Any

from payouts.sandbox import keys, listing, operations, replies, requests
from payouts.sandbox.clock import Clock
from payouts.sandbox.desk import Desk
from payouts.sandbox.document import Document, Route
from payouts.sandbox.errors import Obj, Refused, broken
from payouts.sandbox.faults import Fault, Faults, Mode
from payouts.sandbox.objects.passing import pass_time
from payouts.sandbox.store import Store
from payouts.sandbox.web.http import Reply, Request

log = logging.getLogger(__name__)
TEST_KEYS = ("Bearer sk_test_", "Bearer rk_test_")
KEYED = ("POST", "DELETE")


class Api:
    """Answers under /v1/. Safe for many threads: calls take turns at the store."""

    def __init__(self, *, store: Store, document: Document, clock: Clock, faults: Faults, base: str) -> None:
        self._store, self._document, self._clock, self._faults = store, document, clock, faults
        self._in_flight = keys.InFlight()
        self.base = base

    def desk(self, account: str = "") -> Desk:
        """A counter at this moment; only inside a transaction of the store."""
        return Desk(self._store, self._document, self._clock.now(), self.base, account)

    def do_at(self, *, at: int, path: str, params: Obj) -> Any:
        """What a POST would have done at that moment. Raises Refused."""
        route, id = self._document.route("POST", path)
        with self._store.transaction():
            desk = replace(self.desk(), now=at)
            return listing.expand(desk, operations.run(desk, route, params, id), params.get("expand", []))

    def answer(self, request: Request) -> Reply:
        """The reply to a call, or the trouble that was planned for it."""
        try:
            _check_key(request)
            key = request.headers.get("Idempotency-Key") if request.method in KEYED else None
            if not key:
                return self._through_faults(request, "")
            with self._in_flight.hold(f"{request.headers.get('Stripe-Account') or ''} {key}"):
                return self._through_faults(request, key)
        except Refused as refusal:
            return self._reply(request, refusal.status, json.dumps(refusal.body))

    def _through_faults(self, request: Request, key: str) -> Reply:
        fault = self._faults.take(request.method, request.path)
        if fault is None:
            return self._serve(request, key)
        _before(fault)
        if fault.mode is Mode.LOST_BEFORE:
            return Reply(0, b"", lost=True)
        reply = self._serve(request, key, kept_error=fault.mode is Mode.ERROR_KEPT)
        if fault.mode is Mode.LOST_AFTER:
            return Reply(0, b"", lost=True)
        if fault.mode is Mode.ERROR_AFTER:
            raise broken("An error on purpose, after the call was done.")
        if fault.mode is Mode.DELAY_AFTER:
            time.sleep(fault.seconds)
        return reply

    def _serve(self, request: Request, key: str, *, kept_error: bool = False) -> Reply:
        with self._store.transaction():
            pass_time(self.desk())
            desk = self.desk(request.headers.get("Stripe-Account") or "")
            if desk.account:
                desk.get("account", desk.account, param=None)
            route, id = self._document.route(request.method, request.path)
            asked = requests.decode(request.body if request.method == "POST" else request.query)
            params = requests.read(self._document, route.asked, asked)
            operations.refuse_what_is_not_played(route, params)
            operations.refuse_what_is_too_long(params)
            print_of = keys.fingerprint(request.path, asked)
            if key and (first := keys.recall(desk, key, print_of)):
                return self._reply(request, *first, replayed=True)
            status, body = self._attempt(desk, route, params, id)
            if kept_error:
                status, body = 500, json.dumps(broken("An error on purpose, kept under its key.").body)
            if key:
                keys.keep(desk, key, print_of, status=status, body=body)
            return self._reply(request, status, body)

    def _attempt(self, desk: Desk, route: Route, params: Obj, id: str) -> tuple[int, str]:
        """Status and body. A refusal undoes what the call began, but a declined card is remembered."""
        refusal: Refused | None = None
        try:
            with self._store.attempt():
                try:
                    done = operations.run(desk, route, params, id)
                    return 200, json.dumps(self._checked(route, listing.expand(desk, done, params.get("expand", []))))
                except Refused as trouble:
                    refusal = trouble
                    if not trouble.leaves_traces:
                        raise
        except Refused as trouble:
            refusal = trouble
        return refusal.status, json.dumps(refusal.body)

    def _checked(self, route: Route, reply: Any) -> Any:
        faults = replies.faults_in(self._document, route.answered, reply)
        if faults:
            log.error("%s %s breaks the document: %s", route.method, route.path, faults)
            raise broken(f"The sandbox broke Stripe's document: {'; '.join(faults[:6])}")
        return reply

    def _reply(self, request: Request, status: int, body: str, *, replayed: bool = False) -> Reply:
        headers = {
            "Content-Type": "application/json",
            "Request-Id": f"req_{secrets.token_hex(7)}",
            "Stripe-Version": self._document.version,
        }
        if key := request.headers.get("Idempotency-Key"):
            headers["Idempotency-Key"] = "".join(letter for letter in key if letter.isprintable() and letter.isascii())
        if replayed:
            headers["Idempotent-Replayed"] = "true"
        return Reply(status, body.encode(), headers)


def _check_key(request: Request) -> None:
    """Test keys only: nobody's live key has any business here."""
    if not request.headers.get("Authorization", "").startswith(TEST_KEYS):
        raise Refused("The sandbox takes test keys only (sk_test_...).", status=401)


def _before(fault: Fault) -> None:
    if fault.mode is Mode.ERROR_BEFORE:
        raise broken("An error on purpose, before anything was done.")
    if fault.mode is Mode.LIMITED:
        raise Refused("Too many requests, on purpose.", status=429, code="rate_limit")
    if fault.mode is Mode.DELAY_BEFORE:
        time.sleep(fault.seconds)
