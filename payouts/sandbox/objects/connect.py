"""Members' own accounts: opening one, filling it in on a hosted page, and what it may then receive."""

from __future__ import annotations

from payouts.sandbox.desk import Desk
from payouts.sandbox.errors import Obj, Refused
from payouts.sandbox.web.http import optional_url

LINK_LASTS = 300
DUE = [
    "external_account",
    "individual.dob.day",
    "individual.first_name",
    "individual.last_name",
    "individual.ssn_last_4",
    "tos_acceptance.date",
]
UNFINISHED = ["external_account", "individual.ssn_last_4"]
KEPT = ("email", "business_type")


def create(desk: Desk, params: Obj, _id: str) -> Obj:
    wanted = params.get("capabilities") or {}
    kind = params.get("type", "none")
    if kind != "none" and params.get("controller"):
        raise Refused("You may not give both `type` and `controller`.", param="type")
    account = desk.new(
        "account",
        type=kind,
        country=params.get("country", "US"),
        email=params.get("email"),
        business_type=params.get("business_type", "individual"),
        default_currency="usd",
        charges_enabled=False,
        payouts_enabled=False,
        details_submitted=False,
        capabilities={name: "inactive" for name, told in wanted.items() if told.get("requested")},
        controller=_controller(kind, params.get("controller") or {}),
    )
    for hidden in ("external_accounts", "future_requirements"):
        account.pop(hidden, None)
    account["requirements"] = desk.document.skeleton("account_requirements")
    _require(account, DUE, "requirements.past_due")
    desk.describe(account, params)
    return account


def update(desk: Desk, params: Obj, id: str) -> Obj:
    account = desk.get("account", id)
    desk.describe(account, params)
    account.update({name: params[name] for name in KEPT if name in params})
    return account


def link(desk: Desk, params: Obj, _id: str) -> Obj:
    """An address of the onboarding page, good for one use within five minutes."""
    account = desk.get("account", params["account"], param="account")
    back = {name: optional_url(params.get(name), param=name) for name in ("return_url", "refresh_url")}
    kept = desk.new("account_link", private={**back, "account": account["id"], "used": False})
    kept.update(expires_at=desk.now + LINK_LASTS, url=f"{desk.base}/onboarding/{kept['id']}")
    return {name: kept[name] for name in ("object", "created", "expires_at", "url")}


def login_link(desk: Desk, _params: Obj, id: str) -> Obj:
    account = desk.get("account", id)
    if not account["details_submitted"]:
        raise Refused("A login link can be made only once the account has been filled in.", param="account")
    return {"object": "login_link", "created": desk.now, "url": f"{desk.base}/dashboard/{id}"}


def onboard(desk: Desk, account: Obj, outcome: str) -> Obj:
    """What the member did on the page: `complete`, `unfinished`, or `checking` (filled in, papers being read)."""
    states = {
        "complete": ([], None, "active"),
        "unfinished": (UNFINISHED, "requirements.past_due", "inactive"),
        "checking": ([], "requirements.pending_verification", "pending"),
    }
    if outcome not in states:
        raise Refused(f"Invalid outcome: must be one of {', '.join(states)}", param="outcome")
    due, reason, capability = states[outcome]
    _require(account, due, reason)
    account["requirements"]["pending_verification"] = ["individual.verification.document"] * (outcome == "checking")
    account.update(
        details_submitted=outcome != "unfinished",
        payouts_enabled=outcome == "complete",
        charges_enabled=outcome == "complete",
        capabilities=dict.fromkeys(account["capabilities"], capability),
    )
    desk.at(account["id"]).announce("account.updated", account)
    return account


def _require(account: Obj, due: list[str], reason: str | None) -> None:
    account["requirements"].update(
        currently_due=list(due),
        eventually_due=list(due),
        past_due=[],
        pending_verification=[],
        alternatives=[],
        errors=[],
        disabled_reason=reason,
        current_deadline=None,
    )


def _controller(kind: str, told: Obj) -> Obj:
    """Who bears what, as asked for; an Express account implies the usual answers."""
    express = kind == "express"
    return {
        "type": "application",
        "is_controller": True,
        "fees": {"payer": (told.get("fees") or {}).get("payer", "application_express" if express else "account")},
        "losses": {"payments": (told.get("losses") or {}).get("payments", "application" if express else "stripe")},
        "requirement_collection": told.get("requirement_collection", "stripe"),
        "stripe_dashboard": {
            "type": (told.get("stripe_dashboard") or {}).get("type", "express" if express else "full")
        },
    }
