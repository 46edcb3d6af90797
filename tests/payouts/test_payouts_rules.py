"""Who may do what with money, person by person."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from coop.web.http import may
from members.models import Member, User
from payouts.models import Charge, Payout, PayRun
from tests import make
from tests.payouts.stage import NOW, done_visit

EVERYBODY = ("client", "ana", "cara", "sol", "tess", "board", "lee", "dan")
WHO_MAY = {
    "tip the visit": {"client"},
    "see the receipt": {"client", "tess"},
    "read the books": {"ana", "cara", "sol", "tess", "board"},
    "draft a pay run": {"tess"},
    "look into a pay run": {"tess", "board"},
    "approve what Tess drafted": {"board"},
    "send back what Tess drafted": {"tess", "board"},
    "see what went wrong": {"sol", "tess"},
    "try a card again": {"tess"},
    "send pay again": {"tess"},
    "write down a check": {"tess"},
}


@pytest.mark.django_db
def test_who_may_do_what_with_money(ana: Member, cara: Member, sol: Member, tess: Member, lee: User, dan: User) -> None:
    visit = done_visit()
    run = PayRun.draft(ends_on=date(2026, 3, 15), at=NOW + timedelta(days=8), by=tess.user)
    charge, payout = Charge.objects.get(), Payout.objects.get()
    people = {
        "client": visit.booking.client.user,
        "ana": ana.user,
        "cara": cara.user,
        "sol": sol.user,
        "tess": tess.user,
        "board": make.member("Bea Board", hours=None, roles=["board"]).user,
        "lee": lee,
        "dan": dan,
    }
    asked: dict[str, Callable[[User], bool]] = {
        "tip the visit": lambda user: may(user, "tip", visit),
        "see the receipt": lambda user: may(user, "receipt", visit),
        "read the books": lambda user: user.has_perm("payouts.read_books"),
        "draft a pay run": lambda user: user.has_perm("payouts.draft_payrun"),
        "look into a pay run": lambda user: may(user, "inspect", run),
        "approve what Tess drafted": lambda user: may(user, "approve", run),
        "send back what Tess drafted": lambda user: may(user, "send_back", run),
        "see what went wrong": lambda user: user.has_perm("payouts.see_trouble"),
        "try a card again": lambda user: may(user, "retry", charge),
        "send pay again": lambda user: may(user, "retry", payout),
        "write down a check": lambda user: may(user, "pay_outside", payout),
    }
    assert {what: {name for name in EVERYBODY if ask(people[name])} for what, ask in asked.items()} == WHO_MAY
