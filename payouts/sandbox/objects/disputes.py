"""Disputes: a card holder's bank takes a payment back until the evidence is judged."""

from __future__ import annotations

from payouts.sandbox.desk import Desk
from payouts.sandbox.errors import Obj, Refused
from payouts.sandbox.objects.money import DAY, move

FEE = 1500
DAYS_TO_ANSWER = 7
OPEN = ("needs_response", "under_review")
JUDGED_BY = {"winning_evidence": True, "losing_evidence": False}
"""Stripe's two magic texts: test evidence that decides a dispute at once."""


def open(desk: Desk, charge: Obj, *, reason: str) -> Obj:
    if charge["disputed"] or not charge["captured"]:
        raise Refused("Only a captured charge can be disputed, and once.", param="charge")
    dispute = desk.new(
        "dispute",
        amount=charge["amount_captured"],
        currency=charge["currency"],
        charge=charge["id"],
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="needs_response",
        is_charge_refundable=False,
    )
    taken = move(desk, "adjustment", dispute["id"], -dispute["amount"], fee=FEE, category="dispute")
    dispute["balance_transactions"] = [taken]
    dispute["evidence_details"].update(due_by=desk.now + DAYS_TO_ANSWER * DAY)
    charge["disputed"] = True
    desk.announce("charge.dispute.created", dispute)
    desk.announce("charge.dispute.funds_withdrawn", dispute)
    return dispute


def update(desk: Desk, params: Obj, id: str) -> Obj:
    dispute = desk.get("dispute", id)
    if dispute["status"] not in OPEN:
        raise Refused(f"This dispute is {dispute['status']} already.", param="dispute")
    desk.describe(dispute, params)
    dispute["evidence"].update(params.get("evidence") or {})
    if not params.get("submit"):
        return dispute
    dispute["status"] = "under_review"
    dispute["evidence_details"].update(has_evidence=True, submission_count=1)
    desk.announce("charge.dispute.updated", dispute)
    verdict = JUDGED_BY.get(dispute["evidence"].get("uncategorized_text") or "")
    return dispute if verdict is None else judge(desk, dispute, won=verdict)


def close(desk: Desk, _params: Obj, id: str) -> Obj:
    """Give in: the dispute is lost."""
    return judge(desk, desk.get("dispute", id), won=False)


def judge(desk: Desk, dispute: Obj, *, won: bool) -> Obj:
    """The bank's word. Won: the money comes back, the fee too."""
    if dispute["status"] not in OPEN:
        raise Refused(f"This dispute is {dispute['status']} already.", param="dispute")
    dispute["status"] = "won" if won else "lost"
    if won:
        back = move(desk, "adjustment", dispute["id"], dispute["amount"], fee=-FEE, category="dispute_reversal")
        dispute["balance_transactions"].append(back)
        desk.announce("charge.dispute.funds_reinstated", dispute)
    desk.announce("charge.dispute.closed", dispute)
    return dispute
