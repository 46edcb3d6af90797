"""What is taken back from pay: at once, never below the floor, of earlier work at most a part; the rest waits."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bookings.models import Visit
from coop.errors import Refusal
from members.models import Member, User
from payouts.models import Account, Charge, Entry, Line, Move, Payout, PayRun, Refund
from payouts.payroll.netting import Correction, take
from payouts.payroll.presenters import unpaid_work
from tests import make
from tests.bookings.desk import signed_in
from tests.payouts.stage import NOW, done_visit

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
FIRST = NOW.date() + 2 * A_DAY
"""The day of a visit of 210 minutes that pays 133.00, of which the floor of 22.25 an hour keeps 77.88."""
ROOM = 13300 - 7788


@pytest.fixture
def board(db: None) -> User:
    return make.member("Bea Board", hours=None, roles=["board"]).user


def complain(done: Visit, cents: int, *, days: int) -> Entry:
    """So much of it is taken back out of the pay of whoever did it, so many days from now."""
    (member,) = (shift.member_id for shift in done.shifts.all())
    moves = [Move(Account.pay(member), Account.client(done.booking.client.pk), cents)]
    number = Entry.objects.count()
    at = NOW + days * A_DAY
    return Entry.post(key=f"refund:{number}", kind=Entry.Kind.REFUND, at=at, moves=moves, visit=done)


def run(tess: Member, board: User, *, ends_on: date, days: int) -> PayRun:
    """Drafted so many days from now, approved, and paid outside Stripe."""
    made = PayRun.draft(ends_on=ends_on, at=NOW + days * A_DAY, by=tess.user)
    made.approve(at=NOW + days * A_DAY, by=board)
    for payout in made.payouts.all():
        Payout.objects.filter(pk=payout.pk).update(state="failed")
        Payout.objects.get(pk=payout.pk).pay_outside(at=NOW + days * A_DAY, by=board, note="Check.")
    return made


def paid(made: PayRun) -> list[tuple[int, int]]:
    """Cents, and what of corrections waits, of each payout."""
    rows = made.payouts.order_by("member").annotate(waits=-Sum("lines__leaves"))
    return list(rows.values_list("cents", "waits"))


def balance(member: Member) -> int:
    return sum(account.balance for account in Account.objects.filter(member=member).with_balance())


def test_a_complaint_within_the_window_lowers_the_pay_of_that_run(ana: Member, tess: Member, board: User) -> None:
    """The visit ends on the 12th; at noon of the 20th, when the run is drafted, a complaint is an hour old."""
    done = done_visit()
    complain(done, 3300, days=10)
    assert paid(run(tess, board, ends_on=FIRST, days=10)) == [(10000, 0)]
    assert (balance(ana), unpaid_work(ana)) == (0, [])


def test_with_work_that_waits_its_correction_waits_too(ana: Member, tess: Member, board: User) -> None:
    done_visit()
    late = done_visit(starts_at=NOW + 3 * A_DAY)
    complain(late, 3300, days=4)
    first = run(tess, board, ends_on=FIRST + A_DAY, days=5)
    assert paid(first) == [(13300, 0)]
    assert paid(run(tess, board, ends_on=FIRST + 9 * A_DAY, days=12)) == [(10000, 0)]
    assert balance(ana) == 0


def test_an_hour_still_pays_its_floor_and_the_rest_waits_and_is_shown(ana: Member, tess: Member, board: User) -> None:
    """Of 60.00 fit 55.12 above the floor: 77.88 are paid, and 4.88 wait for the next run, of which they are 3.67 %."""
    done = done_visit()
    complain(done, 6000, days=3)
    first = run(tess, board, ends_on=FIRST, days=8)
    payout = first.payouts.get()
    assert (paid(first), payout.visit_cents * 60 >= 2225 * payout.minutes) == ([(7788, 488)], True)
    assert [(work.kind, work.cents) for work in unpaid_work(ana)] == [("refund", -488)]
    statement = " ".join(signed_in(ana).get(reverse("statement", args=[first.pk])).content.decode().split())
    page = " ".join(signed_in(tess).get(first.get_absolute_url()).content.decode().split())
    assert ("$4.88 of a correction waits" in statement, "$4.88 of a correction waits" in page) == (True, True)
    done_visit(starts_at=NOW + 9 * A_DAY)
    assert paid(run(tess, board, ends_on=FIRST + 9 * A_DAY, days=14)) == [(13300 - 488, 0)]
    assert (balance(ana), unpaid_work(ana)) == (0, [])


def test_of_earlier_work_at_most_a_quarter_of_a_runs_pay_is_taken(ana: Member, tess: Member, board: User) -> None:
    """100.00 for a visit that is paid already: 33.25 of each 133.00 that come, three times, then the last 0.25."""
    done = done_visit()
    run(tess, board, ends_on=FIRST, days=5)
    complain(done, 10000, days=6)
    found = []
    for number in range(4):
        week = 7 * (number + 1)
        done_visit(starts_at=NOW + (week + 2) * A_DAY)
        found += paid(run(tess, board, ends_on=FIRST + week * A_DAY, days=week + 6))
    assert found == [(9975, 6675), (9975, 3350), (9975, 25), (13275, 0)]
    assert balance(ana) == 0


def test_a_draft_that_is_sent_back_takes_nothing(ana: Member, tess: Member, board: User) -> None:
    complain(done_visit(), 6000, days=3)
    drafts = []
    for days in (8, 9):
        made = PayRun.draft(ends_on=FIRST, at=NOW + days * A_DAY, by=tess.user)
        drafts.append(paid(made))
        made.send_back(at=NOW + days * A_DAY, by=board, note="Once more.")
    assert drafts == [[(7788, 488)]] * 2
    assert Line.objects.count() == 0


def test_what_comes_back_is_paid_and_never_more_than_was_taken(ana: Member, tess: Member, board: User) -> None:
    taken = complain(done_visit(), 6000, days=3)
    run(tess, board, ends_on=FIRST, days=8)
    taken.reverse(at=NOW + 9 * A_DAY, memo="refund came back")
    assert paid(run(tess, board, ends_on=FIRST + 7 * A_DAY, days=14)) == [(5512, 0)]
    assert balance(ana) == 0


def test_the_database_keeps_that_what_is_taken_and_what_waits_is_the_correction(
    ana: Member, tess: Member, board: User
) -> None:
    complain(done_visit(), 6000, days=3)
    made = PayRun.draft(ends_on=FIRST, at=NOW + 8 * A_DAY, by=tess.user)
    line = Line.objects.get(kind="refund")
    wrong = [{"cents": -100, "leaves": -387}, {"cents": -489, "leaves": 0}, {"cents": 100, "leaves": -588}]
    for facts in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Line.objects.create(payout=made.payouts.get(), transfer=line.transfer, kind="refund", minutes=0, **facts)


class TestWages:
    """In New York nothing is taken out of the pay of somebody who was employed on the day of the work."""

    def give(self, done: Visit, tess: Member) -> Refund:
        Charge.objects.update(state="settled", intent="pi_1", captured_cents=14000)
        charge = done.charges.get()
        return Refund.give(charge, cents=1000, responsible="worker", note="A vase.", at=NOW + 3 * A_DAY, by=tess.user)

    def test_the_co_op_bears_it(self, ana: Member, tess: Member) -> None:
        make.pay_kind("wages", member=ana, since=FIRST)
        with pytest.raises(Refusal, match=r"Ana R\. was paid wages for that day"):
            self.give(done_visit(), tess)

    @pytest.mark.parametrize(("kind", "since"), [("contractor", FIRST), ("wages", FIRST + A_DAY)])
    def test_others_bear_it_and_the_day_of_the_work_counts(
        self, ana: Member, tess: Member, kind: str, since: date
    ) -> None:
        make.pay_kind(kind, member=ana, since=since)
        assert self.give(done_visit(), tess).state == "asked"

    def test_who_was_said_to_be_employed_meanwhile_is_protected_at_the_second_yes(
        self, ana: Member, tess: Member, board: User
    ) -> None:
        refund = self.give(done_visit(), tess)
        make.pay_kind("wages", member=ana, since=FIRST)
        with pytest.raises(Refusal, match="Labor Law 193"):
            refund.confirm(at=NOW + 4 * A_DAY, by=board)


a_correction = st.builds(
    Correction,
    st.integers(1, 9),
    st.just("refund"),
    st.integers(-20000, -1),
    st.booleans(),
    st.booleans(),
)
runs_of_pay = st.tuples(st.integers(0, 5000), st.integers(0, 30000), st.integers(0, 2000))


@given(corrections=st.lists(a_correction, max_size=6), runs=st.lists(runs_of_pay, min_size=1, max_size=8))
def test_over_any_runs_all_is_taken_or_waits_and_no_pay_falls_below_its_floor(
    corrections: list[Correction], runs: list[tuple[int, int, int]]
) -> None:
    """Each run has its floor, what it pays above it, and tips; a quarter of its pay may go to earlier work."""
    owed, taken = sum(one.cents for one in corrections), 0
    for least, above, tips in runs:
        most = (least + above) // 4
        found = take(corrections, room=above, most=most, tips=tips)
        of_pay = sum(one.cents for one in found if not one.correction.of_tips)
        of_earlier = sum(one.cents for one in found if one.correction.earlier and not one.correction.of_tips)
        assert least + above + of_pay >= least
        assert -of_earlier <= most
        assert tips + sum(one.cents for one in found if one.correction.of_tips) >= 0
        taken += sum(one.cents for one in found)
        corrections = [
            Correction(one.correction.transfer, "refund", one.leaves, True, one.correction.of_tips)
            for one in found
            if one.leaves
        ]
        assert taken + sum(one.cents for one in corrections) == owed
