"""What members are and were paid, as part of what is kept about a person."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from coop.money import dollars
from members.models import Member, User
from members.personal_data import Facts, PersonalData, register
from payouts.pay_kinds.pay_kinds import PayKind
from payouts.payroll.payouts import Payout
from payouts.payroll.presenters import balances_of, unpaid_work


def facts(user: User, at: datetime) -> Facts:
    """Pay and tips as somebody who works here."""
    member = Member.objects.filter(user=user).first()
    return {"as somebody who works here": _earned(member) | _ways(member) if member else None}


def _ways(member: Member) -> Facts:
    rows = PayKind.objects.filter(member=member).in_order().values("kind", "starts_on", "said_at")
    return {"how they are paid": [dict(row) for row in rows]}


def _earned(member: Member) -> Facts:
    pay, tips = balances_of(member)
    payouts = Payout.objects.of(member).approved().select_related("run").order_by("pk")
    return {
        "owed in cents": {"work": pay, "tips": tips},
        "not paid yet": [
            {"day": work.day, "kind": work.kind, "minutes": work.minutes, "cents": work.cents}
            for work in unpaid_work(member)
        ],
        "payouts": [
            {
                "from": one.run.starts_on,
                "to": one.run.ends_on,
                "minutes": one.minutes,
                "visit cents": one.visit_cents,
                "tip cents": one.tip_cents,
                "cents": one.cents,
                "state": one.state,
                "through the payroll firm": one.through_firm,
            }
            for one in payouts
        ],
    }


def erasure_blockers(user: User, at: datetime) -> Iterator[str]:
    """Whoever is owed money is known until it is paid."""
    member = Member.objects.filter(user=user).first()
    if owed := sum(balances_of(member)) if member else 0:
        yield _("We still owe you %(amount)s. It is paid with the next pay run.") % {"amount": dollars(owed)}


def forget(user: User, at: datetime) -> None:
    """What was paid stays in the books, and how."""


register(PersonalData("money", facts=facts, forget=forget, erasure_blockers=erasure_blockers))
