"""The levers beside the API, under /_sandbox/: time, faults, webhooks, and what other people would do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from payouts.sandbox.api import Api
from payouts.sandbox.clock import Clock
from payouts.sandbox.errors import Obj, Refused
from payouts.sandbox.faults import Fault, Faults
from payouts.sandbox.objects import bank, connect, disputes
from payouts.sandbox.objects.passing import pass_time
from payouts.sandbox.store import Store
from payouts.sandbox.web.http import Reply, Request, json_reply
from payouts.sandbox.webhooks import Postman


class Control:
    """Not part of Stripe. Bodies and answers are JSON."""

    def __init__(self, *, store: Store, api: Api, clock: Clock, faults: Faults, postman: Postman) -> None:
        self._store, self._api, self._clock, self._faults, self._postman = store, api, clock, faults, postman
        self._levers: dict[tuple[str, str], Callable[[Any, str], Any]] = {
            ("GET", "health"): self._health,
            ("GET", "clock"): self._tell_time,
            ("POST", "clock"): self._move_clock,
            ("POST", "past"): self._live_past,
            ("POST", "faults"): self._plan_faults,
            ("GET", "webhooks"): self._tell_webhooks,
            ("POST", "webhooks"): self._set_webhooks,
            ("POST", "deliver"): self._deliver,
            ("POST", "disputes"): self._dispute,
            ("POST", "accounts"): self._onboard,
            ("POST", "payouts"): self._pay_out,
            ("POST", "movements"): self._move,
        }

    def answer(self, request: Request) -> Reply:
        name, _, id = request.path.removeprefix("/_sandbox/").partition("/")
        try:
            lever = self._levers.get((request.method, name))
            if lever is None:
                raise Refused("There is no such lever.", status=404)
            return json_reply(200, lever(_told(request, list if name == "faults" else dict), id))
        except Refused as refusal:
            return json_reply(refusal.status, refusal.body)

    def _health(self, _told: Obj, _id: str) -> Obj:
        return {"ok": True}

    def _tell_time(self, _told: Obj, _id: str) -> Obj:
        return {"now": self._clock.now()}

    def _move_clock(self, told: Obj, _id: str) -> Obj:
        if told.get("real"):
            self._clock.run_real()
        elif "now" in told:
            self._clock.set(_whole(told, "now"))
        else:
            self._clock.advance(_whole(told, "advance"))
        with self._store.transaction():
            pass_time(self._api.desk())
        return self._tell_time({}, "")

    def _live_past(self, told: Obj, _id: str) -> Obj:
        """POSTs of the API, each done at its moment (`at`, `path`, `params`); `answers` in their order.

        For histories: they are not held to the document.
        """
        return {"answers": [self._api.do_at(**call) for call in told["calls"]]}

    def _plan_faults(self, told: Any, _id: str) -> Obj:
        """A list of faults; an empty one ends them all."""
        self._faults.plan([Fault.told(one) for one in told])
        return {"planned": len(told)}

    def _tell_webhooks(self, _told: Obj, _id: str) -> Obj:
        manners = self._postman.manners
        told = {"hold": manners.hold, "duplicate": manners.duplicate, "shuffle": manners.shuffle}
        return {**told, "waiting": self._postman.waiting()}

    def _set_webhooks(self, told: Obj, id: str) -> Obj:
        manners = self._postman.manners
        manners.hold = bool(told.get("hold", manners.hold))
        manners.shuffle = bool(told.get("shuffle", manners.shuffle))
        manners.duplicate = _whole(told, "duplicate") if "duplicate" in told else manners.duplicate
        if told.get("forget"):
            self._postman.forget()
        return self._tell_webhooks({}, id)

    def _deliver(self, _told: Obj, _id: str) -> Obj:
        return {"delivered": self._postman.deliver()}

    def _dispute(self, told: Obj, id: str) -> Obj:
        """Without an id: open one on `charge`. With it: the bank's word, `won` true or false."""
        with self._store.transaction():
            desk = self._api.desk()
            if id:
                return disputes.judge(desk, desk.get("dispute", id), won=bool(told.get("won")))
            charge = desk.get("charge", str(told.get("charge")), param="charge")
            return disputes.open(desk, charge, reason="fraudulent")

    def _onboard(self, told: Obj, id: str) -> Obj:
        """What a member does on the onboarding page: `outcome` complete, unfinished or checking."""
        with self._store.transaction():
            desk = self._api.desk()
            return connect.onboard(desk, desk.get("account", id), str(told.get("outcome")))

    def _pay_out(self, told: Obj, id: str) -> Obj:
        """Without an id: let the balance be emptied each day, or not (`automatic`). With it: that payout fails."""
        with self._store.transaction():
            desk = self._api.desk()
            if id:
                return bank.fail(desk, desk.get("payout", id))
            bank.switch_automatic(desk, on=bool(told.get("automatic")))
            return {"automatic": bool(told.get("automatic"))}

    def _move(self, told: Obj, _id: str) -> Obj:
        """Something moves by itself, as with a fee of Stripe's: `type`, `cents`, `fee`, `words`."""
        with self._store.transaction():
            return bank.by_hand(self._api.desk(), told)


def _told(request: Request, shape: type) -> Any:
    """The JSON body. Asking for its content type keeps web pages of other sites from pulling a lever."""
    if request.method != "POST":
        return shape()
    if "application/json" not in (request.headers.get("Content-Type") or ""):
        raise Refused("The sandbox's levers take application/json.", status=415)
    try:
        told = json.loads(request.body) if request.body else shape()
    except (ValueError, RecursionError) as trouble:
        raise Refused("The body is not JSON.") from trouble
    if not isinstance(told, shape):
        raise Refused("The body is a list of faults." if shape is list else "The body is an object.")
    return told


def _whole(told: Obj, name: str) -> int:
    value = told.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 10**11:
        raise Refused(f"{name} is a whole number.", param=name)
    return value
