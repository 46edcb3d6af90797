"""A way of being paid changes within a pay run: tips, refunds and corrections follow their work, to the cent."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from bookings.models import Visit
from coop.errors import Refusal
from coop.models import Event, ZipCode
from members.models import Member, Notice, User
from payouts.ledger.supplements import Paid, Supplement
from payouts.models import Account, Charge, PayKind, Payout, PayRun, Refund
from payouts.pay_kinds.pay_kinds import Kinds
from payouts.sandbox import Sandbox
from tests import make
from tests.bookings.desk import signed_in
from tests.payouts.payroll.test_payruns import onboard, transfers
from tests.payouts.stage import NOW, paid_visit, work_through
from tests.races import at_once

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
FIRST, CHANGE = NOW.date() + 2 * A_DAY, NOW.date() + 7 * A_DAY
"""A Thursday, and the Tuesday after it, from which on the other way counts: one visit on each."""
AFTERWARDS = NOW + 8 * A_DAY
LATER = NOW + 20 * A_DAY
Kind = PayKind.Kind


@pytest.fixture
def board(db: None) -> User:
    return make.member("Bea Board", hours=None, roles=["board"]).user


def draft(by: User, *, ends_on: date = AFTERWARDS.date(), days: int = 0) -> PayRun:
    return PayRun.draft(ends_on=ends_on, at=LATER + days * A_DAY, by=by)


def parts(run: PayRun) -> list[tuple[int, int, int, bool]]:
    """Cents, cents of tips, minutes, and whether the firm pays it; what we pay ourselves first."""
    return list(run.payouts.order_by("through_firm").values_list("cents", "tip_cents", "minutes", "through_firm"))


def two_visits() -> tuple[Visit, Visit]:
    """133.00 for 210 minutes, before the change and from it on."""
    return paid_visit(starts_at=NOW + 2 * A_DAY), paid_visit(starts_at=NOW + 7 * A_DAY)


def tip(done: Visit, cents: int) -> None:
    Charge.tip(done, cents=cents, at=AFTERWARDS, by=done.booking.client.user)
    work_through(Charge.objects.all(), at=AFTERWARDS)


def take_back(done: Visit, cents: int, *, days: int, confirmed_by: User, by: Member) -> Refund:
    """Cents of a visit's price go back to the client, out of the pay of whoever did it."""
    at, charge = NOW + days * A_DAY, Charge.objects.get(visit=done, kind="price")
    made = Refund.give(charge, cents=cents, responsible="worker", note="A vase broke.", at=at, by=by.user)
    made.confirm(at=at, by=confirmed_by)
    made.record(refund=f"re_{made.pk}", at=at, by=None)
    return made


def late_time(member: Member) -> None:
    """Time between visits of the first day: 1.00 when that day is over, 5.55 more when somebody finds 15 minutes."""
    about = {"member_id": member.pk, "day": FIRST}
    Supplement.fill_up("between", **about, cents=100, minutes=10, paid=Paid(), at=NOW + 3 * A_DAY)  # type: ignore[arg-type]
    known = Paid(cents=100, minutes=10, entries=1)
    Supplement.fill_up("between", **about, cents=655, minutes=25, paid=known, at=AFTERWARDS)  # type: ignore[arg-type]


def all_that_crosses(member: Member, *, by: Member, confirmed_by: User) -> None:
    """Before: 133.00 + tip 15.00 + time 6.55 - refund 10.01, and 20.00 that came back: 144.54 for 235 minutes.

    From the change on: 133.00 + tip 7.01 - refund 3.33: 136.68 for 210 minutes.
    """
    ZipCode.objects.filter(pk=make.zip_code().pk).update(state="NJ")  # in New York wages bear no complaint
    one, other = two_visits()
    came_back = take_back(one, 2000, days=6, by=by, confirmed_by=confirmed_by)
    tip(one, 1500)
    tip(other, 701)
    take_back(one, 1001, days=8, by=by, confirmed_by=confirmed_by)
    take_back(other, 333, days=8, by=by, confirmed_by=confirmed_by)
    came_back.come_back(at=AFTERWARDS, by=None)
    late_time(member)


def test_to_the_cent_who_goes_over_to_wages_within_a_run_is_sent_what_was_before_and_nothing_else(
    ana: Member, tess: Member, board: User, sandbox: Sandbox
) -> None:
    PayKind.say(ana, Kind.WAGES, starts_on=CHANGE, at=NOW, by=tess.user)
    all_that_crosses(ana, by=tess, confirmed_by=board)
    onboard(ana, sandbox)
    treasurer = signed_in(tess)
    with time_machine.travel(LATER, tick=False):
        treasurer.post(reverse("draft_pay_run"), {"ends_on": str(AFTERWARDS.date())})
        run = PayRun.objects.get()
        signed_in(board).post(reverse("approve_pay_run", args=[run.pk]))
        wages = run.payouts.get(through_firm=True)
        treasurer.post(reverse("retry_payout", args=[wages.pk]))
        treasurer.post(reverse("pay_outside", args=[wages.pk]), {"note": "by check"})
        sheets = [treasurer.post(reverse("export_pay_run", args=[run.pk])).content.decode() for _time in range(2)]
    for _time in range(2):
        for payout in run.payouts.all():
            payout.send(at=LATER)
    assert parts(run) == [(14454, 1500, 235, False), (13668, 701, 210, True)]
    assert [payout.state for payout in run.payouts.order_by("through_firm")] == ["sent", "handed_over"]
    assert [cents for _account, cents in transfers(sandbox)] == [14454]
    assert [line.split(",")[2:] for line in sheets[0].splitlines()[1:]] == [
        ["2026-03-16", "2026-03-22", "210", "3.50", "12967", "701", "13668"]
    ]
    assert sheets[1] == sheets[0]
    assert [account.balance for account in Account.objects.filter(member=ana).with_balance()] == [0, 0]
    with pytest.raises(Refusal, match="Nobody has anything"):
        draft(tess.user, ends_on=AFTERWARDS.date() + A_DAY, days=1)


def test_to_the_cent_who_leaves_wages_within_a_run_has_all_that_was_wages_handed_over(
    ana: Member, tess: Member, board: User, sandbox: Sandbox
) -> None:
    make.pay_kind(Kind.WAGES, member=ana)
    PayKind.say(ana, Kind.DRAW, starts_on=CHANGE, at=NOW, by=tess.user)
    all_that_crosses(ana, by=tess, confirmed_by=board)
    run = draft(tess.user)
    assert parts(run) == [(13668, 701, 210, False), (14454, 1500, 235, True)]
    run.approve(at=LATER, by=board)
    week = [date(2026, 3, 9), date(2026, 3, 15)]
    assert run.export(at=LATER, by=tess.user) == [[ana.pk, "Ana Reyes", *week, 235, "3.92", 12954, 1500, 14454]]


def test_what_comes_a_run_later_still_goes_by_the_day_of_its_work(
    ana: Member, tess: Member, board: User, sandbox: Sandbox
) -> None:
    one, _other = two_visits()
    first = draft(tess.user, ends_on=FIRST)
    first.approve(at=LATER, by=board)
    PayKind.say(ana, Kind.WAGES, starts_on=FIRST + A_DAY, at=LATER, by=tess.user)
    tip(one, 1500)
    assert parts(draft(tess.user)) == [(1500, 1500, 0, False), (13300, 0, 210, True)]


def test_what_was_paid_as_a_draw_is_never_taken_out_of_wages(
    ana: Member, tess: Member, board: User, sandbox: Sandbox
) -> None:
    one, _other = two_visits()
    draft(tess.user, ends_on=FIRST).approve(at=LATER, by=board)
    PayKind.say(ana, Kind.WAGES, starts_on=FIRST + A_DAY, at=LATER, by=tess.user)
    take_back(one, 1001, days=8, by=tess, confirmed_by=board)
    assert parts(draft(tess.user)) == [(13300, 0, 210, True)]
    tip(one, 1500)
    PayRun.objects.get(state="draft").send_back(at=LATER, by=board, note="A tip came.")
    assert parts(draft(tess.user)) == [(1500, 1500, 0, False), (13300, 0, 210, True)], "nor out of tips"


def test_no_day_of_a_run_gets_another_way_before_or_after_it_is_approved(
    ana: Member, tess: Member, board: User, sandbox: Sandbox
) -> None:
    one, _other = two_visits()
    tip(one, 1500)
    run = draft(tess.user, ends_on=CHANGE - A_DAY)
    for is_approved in (False, True):
        if is_approved:
            run.approve(at=LATER, by=board)
        with pytest.raises(Refusal, match="March 12, 2026 is in a pay run already"):
            PayKind.say(ana, Kind.WAGES, starts_on=FIRST, at=LATER, by=tess.user)
        with pytest.raises(DatabaseError, match="keeps_its_kind"), transaction.atomic():
            make.pay_kind(Kind.WAGES, member=ana, since=FIRST)
    PayKind.say(ana, Kind.WAGES, starts_on=FIRST + A_DAY, at=LATER, by=tess.user)
    assert parts(draft(tess.user)) == [(1500, 1500, 0, False), (13300, 0, 210, True)]


def test_what_was_said_is_taken_back_by_saying_what_was_before(ana: Member, tess: Member, sandbox: Sandbox) -> None:
    for kind in (Kind.WAGES, Kind.DRAW):
        PayKind.say(ana, kind, starts_on=CHANGE, at=NOW, by=tess.user)
    with pytest.raises(Refusal, match="how it is on that day"):
        PayKind.say(ana, Kind.DRAW, starts_on=CHANGE, at=NOW, by=tess.user)
    two_visits()
    assert parts(draft(tess.user)) == [(26600, 0, 420, False)]


@pytest.mark.parametrize("own", [True, False])
def test_the_database_puts_no_wages_into_a_payment_without_tax(
    own: bool, ana: Member, board: User, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even a tip that comes late: here by the way of its own day it would be a draw."""
    make.pay_kind(Kind.WAGES, member=ana if own else None)
    one, _other = two_visits()
    PayRun.draft(ends_on=CHANGE, at=LATER, by=board).approve(at=LATER, by=make.member("", roles=["treasurer"]).user)
    if own:
        PayKind.say(ana, Kind.DRAW, starts_on=CHANGE + A_DAY, at=LATER, by=board)
    tip(one, 1500)
    monkeypatch.setattr(Kinds, "on", lambda *_: Kind.DRAW)
    with pytest.raises(DatabaseError, match="wages_are_never_paid_without_tax"):
        draft(board)
    assert not Payout.objects.filter(through_firm=False).exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", [Kind.WAGES, Kind.CONTRACTOR])
def test_of_two_who_say_it_at_once_the_later_reads_the_earlier(
    other: str, ana: Member, tess: Member, board: User
) -> None:
    """The same is said once, and told once; of two ways the later counts, and says from which it changed."""
    results = at_once(
        lambda: PayKind.say(ana, Kind.WAGES, starts_on=CHANGE, at=NOW, by=tess.user),
        lambda: PayKind.say(ana, other, starts_on=CHANGE, at=NOW, by=board),
    )
    said = sorted((one for one in results if isinstance(one, PayKind)), key=lambda one: one.pk)
    assert len(said) == Notice.objects.filter(user=ana.user, key__startswith="pay_kind_said").count()
    assert [isinstance(one, Refusal) for one in results].count(True) == 2 - len(said) == (other == Kind.WAGES)
    assert Kinds([ana.pk]).on(ana.pk, CHANGE) == said[-1].kind
    notes = Event.objects.about(ana).filter(verb="say_pay_kind").values_list("note", flat=True)
    assert list(notes) == [
        f"{CHANGE}: {was} → {row.kind}" for was, row in zip(["draw", said[0].kind], said, strict=False)
    ]
