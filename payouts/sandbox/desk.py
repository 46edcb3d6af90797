"""The counter at which one call is served: the account it is for, its objects, its moment, its news."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, replace
from typing import Any

from payouts.sandbox import outbox
from payouts.sandbox.document import Document
from payouts.sandbox.errors import Obj, Refused, no_such
from payouts.sandbox.store import Record, Store

PLATFORM = ""
"""The co-op's own account; a member's account is named by its id."""

PREFIXES = {
    "account": "acct_",
    "account_link": "link_",
    "balance_transaction": "txn_",
    "charge": "ch_",
    "checkout.session": "cs_test_",
    "customer": "cus_",
    "dispute": "du_",
    "event": "evt_",
    "payment_intent": "pi_",
    "payment_method": "pm_",
    "payout": "po_",
    "refund": "re_",
    "setup_intent": "seti_",
    "test_helpers.test_clock": "clock_",
    "transfer": "tr_",
    "transfer_reversal": "trr_",
    "webhook_endpoint": "we_",
}
OF_THE_PLATFORM = {"account", "account_link", "webhook_endpoint"}
MOST_METADATA, LONGEST_KEY, LONGEST_VALUE = 50, 40, 500


@dataclass(frozen=True)
class Desk:
    """What an operation works with. `base` is the sandbox's own address, for the pages it hosts."""

    store: Store
    document: Document
    now: int
    base: str
    account: str = PLATFORM

    def at(self, account: str) -> Desk:
        """The same moment at another account's counter."""
        return replace(self, account=account)

    def new(self, kind: str, *, id: str = "", private: Obj | None = None, due: int | None = None, **fields: Any) -> Obj:
        """A new object: the document's emptiest one with these fields. `due`: when time will change it by itself."""
        body = self.document.skeleton(kind)
        body["id"] = id or PREFIXES[kind] + secrets.token_hex(12)
        common = {"object": kind, "created": self.now, "livemode": False, "metadata": {}}
        body.update({name: value for name, value in common.items() if self.document.has(kind, name)})
        body.update(fields)
        account = PLATFORM if kind in OF_THE_PLATFORM else self.account
        self.store.add(Record(body["id"], kind, account, self.now, due, body, private or {}))
        return body

    def get(self, kind: str, id: str, *, param: str | None = "id") -> Obj:
        """The object as it is kept; changes to it last. Raises `Refused` (404) for another account's."""
        return self._record(kind, id, param).body

    def private(self, thing: Obj) -> Obj:
        """What the sandbox remembers about an object but never shows."""
        return self._known(thing["id"]).private

    def at_time(self, thing: Obj, due: int | None) -> None:
        """Let time change this object at `due`, or (None) no longer."""
        self._known(thing["id"]).due = due

    def many(self, kind: str, where: str = "", *values: Any) -> list[Obj]:
        """Objects of this account, newest first; `where` narrows them in SQL."""
        account = PLATFORM if kind in OF_THE_PLATFORM else self.account
        return [self._known(id).body for id in self.store.find(kind, account, where, values)]

    def describe(self, thing: Obj, params: Obj) -> None:
        """Merge `metadata` as Stripe does: an empty value drops a key, an empty string drops them all."""
        told = params.get("metadata")
        if told == "":
            thing["metadata"] = {}
        elif told:
            merged = {**thing["metadata"], **told}
            thing["metadata"] = {key: value for key, value in merged.items() if value != ""}
            limit(thing["metadata"])

    def announce(self, type: str, thing: Obj) -> None:
        """Record an event about an object as it is now, and send it to every endpoint that listens."""
        event = self.new(
            "event",
            type=type,
            data={"object": json.loads(json.dumps(thing))},
            api_version=self.document.version,
            request={"id": None, "idempotency_key": None},
        )
        if self.account:
            event["account"] = self.account
        listening = [one["id"] for one in self.at(PLATFORM).many("webhook_endpoint") if _listens(one, type)]
        event["pending_webhooks"] = len(listening)
        outbox.post(self.store, event=event["id"], endpoints=listening)

    def _known(self, id: str) -> Record:
        record = self.store.get(id)
        if record is None:
            raise no_such("object", id)
        return record

    def _record(self, kind: str, id: str, param: str | None) -> Record:
        record = self.store.get(id)
        account = PLATFORM if kind in OF_THE_PLATFORM else self.account
        if record is None or record.kind != kind or record.account != account:
            raise no_such(kind, id, param=param)
        return record


def _listens(endpoint: Obj, type: str) -> bool:
    return bool({"*", type} & set(endpoint["enabled_events"]))


def limit(metadata: Obj) -> None:
    """Raises `Refused` where metadata are more or longer than Stripe keeps."""
    if len(metadata) > MOST_METADATA:
        raise Refused(f"You can have at most {MOST_METADATA} metadata keys.", param="metadata")
    for key, value in metadata.items():
        if len(key) > LONGEST_KEY or len(value) > LONGEST_VALUE:
            raise Refused(f"Metadata '{key}' is too long.", param=f"metadata[{key}]")
