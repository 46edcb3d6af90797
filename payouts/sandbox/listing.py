"""Reading: one object, a page of many, and the objects inside them written out (`expand`)."""

from __future__ import annotations

import json
from typing import Any

from payouts.sandbox.desk import OF_THE_PLATFORM, Desk
from payouts.sandbox.errors import Obj, Refused

MOST_ON_A_PAGE = 100
PLAIN = (
    "charge",
    "currency",
    "customer",
    "destination",
    "email",
    "payment_intent",
    "source",
    "status",
    "transfer_group",
    "type",
)
RANGES = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
DATED = ("created", "arrival_date", "available_on")
CURSORS = {
    "starting_after": "and seq < (select seq from objects where id = ?)",
    "ending_before": "and seq > (select seq from objects where id = ?)",
}
SHOWN_ONCE = {"webhook_endpoint": "secret"}


def retrieve(desk: Desk, kind: str, id: str) -> Obj:
    return _without_secrets(kind, desk.get(kind, id))


def page(desk: Desk, kind: str, params: Obj, path: str) -> Obj:
    """Newest first, `limit` at a time, narrowed by the filters that the document allows."""
    limit = params.get("limit", 10)
    if not 1 <= limit <= MOST_ON_A_PAGE:
        raise Refused(f"The limit must be between 1 and {MOST_ON_A_PAGE}.", param="limit")
    where, values = _filters(desk, params)
    account = "" if kind in OF_THE_PLATFORM else desk.account
    backwards = params.get("ending_before")
    found = desk.store.find(kind, account, where, tuple(values), most=-1 if backwards else limit + 1)
    shown = found[-limit:] if backwards else found[:limit]
    data = [retrieve(desk, kind, id) for id in shown]
    return {"object": "list", "data": data, "has_more": len(found) > limit, "url": path}


def expand(desk: Desk, thing: Obj, paths: list[str]) -> Obj:
    """A copy with the objects at these paths in place of their ids."""
    if not paths:
        return thing
    shown: Obj = json.loads(json.dumps(thing))
    for path in paths:
        _write_out(desk, shown, path.split("."), path)
    return shown


def _without_secrets(kind: str, thing: Obj) -> Obj:
    hidden = SHOWN_ONCE.get(kind)
    return {name: value for name, value in thing.items() if name != hidden} if hidden else thing


def _filters(desk: Desk, params: Obj) -> tuple[str, list[Any]]:
    where, values = [], []
    for name, value in params.items():
        if name in PLAIN:
            where.append(f"and json_extract(body, '$.{name}') = ?")
            values.append(value)
        elif name in DATED:
            for word, least in (value if isinstance(value, dict) else {"gte": value, "lte": value}).items():
                where.append(f"and json_extract(body, '$.{name}') {RANGES[word]} ?")
                values.append(least)
        elif name == "types":
            where.append(f"and json_extract(body, '$.type') in ({', '.join('?' * len(value))})")
            values += value
        elif name == "payout":
            where.append("and id = ?")
            values.append(desk.get("payout", value, param="payout")["balance_transaction"])
        elif name in CURSORS:
            where.append(CURSORS[name])
            values.append(value)
    return " ".join(where), values


def _write_out(desk: Desk, thing: Any, parts: list[str], path: str) -> None:
    head, *rest = parts
    if isinstance(thing, list):
        for one in thing:
            _write_out(desk, one, parts, path)
        return
    if not isinstance(thing, dict) or head not in thing:
        raise Refused(f"This property cannot be expanded ({path}).", param="expand")
    if isinstance(thing[head], str):
        thing[head] = _whole(desk, thing[head], path)
    if rest and thing[head] is not None:
        _write_out(desk, thing[head], rest, path)


def _whole(desk: Desk, id: str, path: str) -> Obj:
    record = desk.store.get(id)
    if record is None:
        raise Refused(f"This property cannot be expanded ({path}).", param="expand")
    copied: Obj = json.loads(json.dumps(_without_secrets(record.kind, record.body)))
    return copied
