"""One person drafts, another approves, and each member is paid once."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import stripe
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from coop.errors import Refusal, WrongState
from coop.models import Event
from members.models import Member, Notice, User
from payouts.models import Account, Charge, Line, PayeeAccount, Payout, PayRun
from payouts.payroll.payruns import period_before, period_of
from payouts.sandbox import Fault, Mode, Sandbox
from tests import make
from tests.browsers import Browser
from tests.payouts.stage import NOW, paid_visit, work_through
from tests.payouts.stage import done_visit as done_visit_

pytestmark = pytest.mark.django_db
ENDS_ON = date(2026, 3, 15)
LATER = NOW + timedelta(days=8)


@pytest.fixture
def board(db: None) -> User:
    return make.member("Bea Board", hours=None, roles=["board"]).user


def onboard(member: Member, sandbox: Sandbox, *, outcome: str = "complete") -> PayeeAccount:
    """What a member does on the hosted page for bank details."""
    payee = PayeeAccount.of(member)
    sandbox.onboard(payee.account or "", outcome)
    payee.look(at=NOW)
    return payee


def draft(tess: Member, *, at: datetime = LATER, ends_on: date = ENDS_ON) -> PayRun:
    return PayRun.draft(ends_on=ends_on, at=at, by=tess.user)


def pay(run: PayRun, *, by: User, at: datetime = LATER) -> None:
    run.approve(at=at, by=by)
    sweep(run, at=at)


def sweep(run: PayRun, *, at: datetime) -> None:
    for payout in run.payouts.due(at):
        payout.send(at=at)
    run.follow(at=at)
    run.refresh_from_db()


def transfers(sandbox: Sandbox) -> list[tuple[str, int]]:
    client = stripe.StripeClient("sk_test_reader", base_addresses={"api": sandbox.url})
    return [(row.destination, row.amount) for row in client.v1.transfers.list({"limit": 100}).data]  # type: ignore[misc]


def owed(member: Member) -> int:
    return sum(account.balance for account in Account.objects.filter(member=member).with_balance())


def rows(run: PayRun) -> list[tuple[int, int, int, int, str]]:
    found = run.payouts.order_by("member")
    return [(row.member_id, row.visit_cents, row.tip_cents, row.minutes, row.state) for row in found]


def test_half_months() -> None:
    assert period_before(date(2026, 3, 16)) == (date(2026, 3, 1), date(2026, 3, 15))
    assert period_before(date(2026, 3, 15)) == (date(2026, 2, 16), date(2026, 2, 28))
    assert period_of(date(2026, 12, 31)) == (date(2026, 12, 16), date(2026, 12, 31))


def test_the_days_of_a_run_are_said_as_people_say_them() -> None:
    spans = [(date(2026, 3, 1), date(2026, 3, 15)), (date(2026, 2, 27), date(2026, 3, 5))]
    spans.append((date(2025, 3, 1), date(2026, 3, 15)))
    said = [PayRun(starts_on=first, ends_on=last).days for first, last in spans]
    assert said[0] == "March 1–15, 2026"
    assert [" – " in one for one in said] == [False, True, True]


def test_a_draft_nets_what_each_member_is_owed(sandbox: Sandbox, ana: Member, bo: Member, tess: Member) -> None:
    first, second = paid_visit(), paid_visit()
    Charge.tip(first, cents=1500, at=first.ends_at, by=first.booking.client.user)
    work_through(Charge.objects.all(), at=first.ends_at)
    run = draft(tess)
    one, other = (next(shift.member_id for shift in done.shifts.all()) for done in (first, second))
    assert {one, other} == {ana.pk, bo.pk}
    assert rows(run) == sorted([(one, 13300, 1500, 210, "drafted"), (other, 13300, 0, 210, "drafted")])
    assert (run.state, run.starts_on, run.ends_on) == ("draft", date(2026, 3, 1), ENDS_ON)
    assert [payout.least_per_hour for payout in run.payouts.all()] == [3800, 3800]


def test_work_waits_for_complaints_before_it_is_paid(ana: Member, tess: Member) -> None:
    done = done_visit_()
    assert done.completed_at is not None
    with pytest.raises(Refusal, match="Nobody has anything"):
        draft(tess, at=done.completed_at + timedelta(hours=47))
    assert rows(draft(tess, at=done.completed_at + timedelta(hours=48))) == [(ana.pk, 13300, 0, 210, "drafted")]


def test_on_leave_one_is_paid_what_one_earned_before(ana: Member, tess: Member) -> None:
    done_visit_()
    ana.go_on_leave(on=LATER.date(), until=LATER.date() + timedelta(days=30), at=NOW, by=ana.user)
    assert rows(draft(tess)) == [(ana.pk, 13300, 0, 210, "drafted")]


def test_there_is_one_draft_at_a_time(ana: Member, tess: Member) -> None:
    done_visit_()
    draft(tess)
    with pytest.raises(Refusal, match="already"):
        draft(tess)


def test_what_is_in_one_run_is_in_no_other(ana: Member, tess: Member, board: User) -> None:
    done_visit_()
    draft(tess).approve(at=LATER, by=board)
    with pytest.raises(Refusal, match="Nobody has anything"):
        draft(tess, ends_on=ENDS_ON + timedelta(days=1))


def test_a_line_of_the_books_is_on_one_statement(ana: Member, tess: Member) -> None:
    done_visit_()
    line = draft(tess).payouts.get().lines.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.create(payout=line.payout, transfer=line.transfer, kind="visit", cents=1, minutes=0)


def test_a_draft_sent_back_frees_its_work_for_the_next(ana: Member, tess: Member, board: User) -> None:
    done_visit_()
    run = draft(tess)
    run.send_back(at=LATER, by=board, note="Bo is missing.")
    assert (run.state, run.note, rows(run)) == ("returned", "Bo is missing.", [(ana.pk, 13300, 0, 210, "withdrawn")])
    assert rows(draft(tess)) == [(ana.pk, 13300, 0, 210, "drafted")]


def test_nobody_approves_what_they_drafted(ana: Member, tess: Member) -> None:
    done_visit_()
    run = draft(tess)
    with pytest.raises(Refusal, match="Somebody other"):
        run.approve(at=LATER, by=tess.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayRun.objects.filter(pk=run.pk).update(state="approved", approved_by=tess.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayRun.objects.filter(pk=run.pk).update(state="paid")


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE payouts_line SET cents = 1",
        "DELETE FROM payouts_line",
        "UPDATE payouts_payout SET cents = 1, visit_cents = 1",
        "DELETE FROM payouts_payout",
    ],
)
def test_an_approved_run_is_frozen(ana: Member, tess: Member, board: User, attempt: str) -> None:
    done_visit_()
    draft(tess).approve(at=LATER, by=board)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attempt)
    assert Line.objects.get().cents == 13300


def test_an_approved_run_is_paid(sandbox: Sandbox, ana: Member, tess: Member, board: User) -> None:
    paid_visit(card="bypassPending")
    payee = onboard(ana, sandbox)
    run = draft(tess)
    pay(run, by=board)
    assert (run.state, rows(run)) == ("paid", [(ana.pk, 13300, 0, 210, "sent")])
    assert transfers(sandbox) == [(payee.account, 13300)]
    assert owed(ana) == 0


def test_without_a_bank_account_pay_stays_owed_until_there_is_one(
    sandbox: Sandbox, ana: Member, tess: Member, board: User
) -> None:
    paid_visit()
    run = draft(tess)
    pay(run, by=board)
    assert (run.state, rows(run)[0][-1], owed(ana), transfers(sandbox)) == ("paid", "waiting", 13300, [])
    payee = onboard(ana, sandbox, outcome="checking")
    sweep(run, at=LATER)
    assert rows(run)[0][-1] == "waiting"
    sandbox.onboard(payee.account or "", "complete")
    payee.look(at=LATER)
    sweep(run, at=LATER)
    assert (rows(run)[0][-1], owed(ana), transfers(sandbox)) == ("sent", 0, [(payee.account, 13300)])


def test_when_the_balance_is_too_small_pay_waits_and_is_shown(
    sandbox: Sandbox, ana: Member, tess: Member, board: User
) -> None:
    paid_visit(card="visa")
    onboard(ana, sandbox)
    run = draft(tess)
    pay(run, by=board)
    assert (run.state, rows(run)[0][-1]) == ("paying", "waiting")
    assert [payout.run for payout in Payout.objects.in_trouble()] == [run]
    sandbox.advance(3 * 86400)
    sweep(run, at=LATER + timedelta(minutes=16))
    assert (run.state, rows(run)[0][-1], owed(ana)) == ("paid", "sent", 0)


@pytest.mark.parametrize("mode", [Mode.LOST_BEFORE, Mode.LOST_AFTER, Mode.ERROR_AFTER, Mode.LIMITED])
def test_lost_replies_pay_nobody_twice(sandbox: Sandbox, ana: Member, tess: Member, board: User, mode: Mode) -> None:
    paid_visit()
    payee = onboard(ana, sandbox)
    run = draft(tess)
    sandbox.faults(Fault(mode, path="/v1/transfers", times=1 if mode is Mode.LIMITED else 4))
    pay(run, by=board)
    assert (run.state, rows(run)[0][-1], owed(ana)) == ("paying", "sending", 13300)
    for minutes in (5, 10, 20):
        sweep(run, at=LATER + timedelta(minutes=minutes))
    assert (run.state, transfers(sandbox), owed(ana)) == ("paid", [(payee.account, 13300)], 0)


def test_an_error_that_stays_under_its_key_is_looked_up(
    sandbox: Sandbox, ana: Member, tess: Member, board: User
) -> None:
    paid_visit()
    payee = onboard(ana, sandbox)
    run = draft(tess)
    sandbox.faults(Fault(Mode.ERROR_KEPT, path="/v1/transfers"))
    pay(run, by=board)
    sweep(run, at=LATER + timedelta(minutes=5))
    assert (run.state, transfers(sandbox), owed(ana)) == ("paid", [(payee.account, 13300)], 0)


@pytest.mark.parametrize(("mode", "end"), [(Mode.LOST_AFTER, "sent"), (Mode.LOST_BEFORE, "review")])
def test_after_twenty_hours_it_is_looked_up_and_never_asked_again(
    sandbox: Sandbox, ana: Member, tess: Member, board: User, mode: Mode, end: str
) -> None:
    paid_visit()
    onboard(ana, sandbox)
    run = draft(tess)
    sandbox.faults(Fault(mode, path="/v1/transfers", times=3))
    pay(run, by=board)
    sandbox.advance(25 * 3600)
    sweep(run, at=LATER + timedelta(hours=21))
    assert (rows(run)[0][-1], len(transfers(sandbox))) == (end, int(end == "sent"))


def test_a_person_who_made_sure_sends_it_again(sandbox: Sandbox, ana: Member, tess: Member, board: User) -> None:
    test_after_twenty_hours_it_is_looked_up_and_never_asked_again(sandbox, ana, tess, board, Mode.LOST_BEFORE, "review")
    payout = Payout.objects.get()
    payout.retry(at=LATER + timedelta(days=1), by=tess.user)
    payout.send(at=LATER + timedelta(days=1))
    assert (Payout.objects.get().state, len(transfers(sandbox)), owed(ana)) == ("sent", 1, 0)


def test_what_was_paid_by_check_is_written_down(sandbox: Sandbox, ana: Member, tess: Member, board: User) -> None:
    paid_visit()
    run = draft(tess)
    pay(run, by=board)
    payout = run.payouts.get()
    note = "check 1042 " + "by mail " * 60
    payout.pay_outside(at=LATER, by=tess.user, note=note)
    assert (payout.state, owed(ana), transfers(sandbox)) == ("sent", 0, [])
    assert (payout.entry.memo, Event.objects.get(verb="pay_outside").note) == (note[:200], note)
    with pytest.raises(WrongState):
        payout.retry(at=LATER, by=tess.user)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_approving_and_paying_ten_times_at_once_pays_once(
    sandbox: Sandbox, ana: Member, tess: Member, board: User
) -> None:
    paid_visit()
    payee = onboard(ana, sandbox)
    run = draft(tess)
    start, approved = Barrier(10), []

    def work() -> None:
        mine = PayRun.objects.get(pk=run.pk)
        start.wait()
        try:
            mine.approve(at=LATER, by=board)
            approved.append(1)
        except WrongState:
            pass
        for payout in Payout.objects.all():
            payout.send(at=LATER)
        connection.close()

    threads = [Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(approved), transfers(sandbox), owed(ana)) == (1, [(payee.account, 13300)], 0)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_slow_sender_overtaken_by_another_pays_once(sandbox: Sandbox, ana: Member, tess: Member, board: User) -> None:
    paid_visit()
    payee = onboard(ana, sandbox)
    run = draft(tess)
    run.approve(at=LATER, by=board)
    sandbox.faults(Fault(Mode.DELAY_AFTER, path="/v1/transfers", seconds=1.5))

    def work(at: datetime) -> None:
        Payout.objects.get().send(at=at)
        connection.close()

    threads = [Thread(target=work, args=[LATER + timedelta(minutes=minutes)]) for minutes in (0, 5)]
    for thread in threads:
        thread.start()
        thread.join(timeout=0.7)
    for thread in threads:
        thread.join()
    sweep(run, at=LATER + timedelta(minutes=30))
    assert (run.state, transfers(sandbox), owed(ana)) == ("paid", [(payee.account, 13300)], 0)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_drafting_ten_times_at_once_makes_one_draft(ana: Member, tess: Member) -> None:
    done_visit_()
    start, refused = Barrier(10), []

    def work() -> None:
        start.wait()
        try:
            draft(tess)
        except (Refusal, IntegrityError) as no:
            refused.append(no)
        connection.close()

    threads = [Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert PayRun.objects.count() == 1
    assert [type(no) for no in refused] == [Refusal] * 9


@pytest.mark.parametrize("moment", ["draft", "approved", "paying"])
def test_whoever_leaves_amid_a_pay_run_is_paid_once(
    sandbox: Sandbox, ana: Member, tess: Member, board: User, moment: str
) -> None:
    """Also when they have no bank account yet, which they can still give us."""
    paid_visit()
    run = draft(tess)
    if moment != "draft":
        run.approve(at=LATER, by=board)
    if moment == "paying":
        sweep(run, at=LATER)
        assert run.state == "paid", "nothing is left to do but what waits for an account"
    ana.leave_coop(at=LATER, by=None)
    if moment == "draft":
        run.approve(at=LATER, by=board)
    sweep(run, at=LATER)
    browser = Browser()
    browser.force_login(User.objects.get(pk=ana.user_id))
    assert browser.get(reverse("earnings")).status_code == 200
    onboard(ana, sandbox)
    for _twice in range(2):
        sweep(run, at=LATER)
    assert ([cents for _to, cents in transfers(sandbox)], owed(ana)) == ([13300], 0)
    assert browser.get(reverse("statement", args=[run.pk])).status_code == 200


def test_whoever_drafted_a_run_or_approved_it_may_leave(
    sandbox: Sandbox, ana: Member, tess: Member, board: User
) -> None:
    paid_visit()
    onboard(ana, sandbox)
    run = draft(tess)
    tess.leave_coop(at=LATER, by=None)
    run.approve(at=LATER, by=board)
    Member.objects.get(user=board).leave_coop(at=LATER, by=None)
    sweep(run, at=LATER)
    assert (run.state, owed(ana)) == ("paid", 0)


class TestWhereOneHoldsAllOffices:
    """Somebody else approves what one drafted; where nobody of the offices can, it is said, by name, who does."""

    @pytest.fixture
    def run(self, sandbox: Sandbox, ana: Member, tess: Member, bo: Member, time_machine: Any) -> PayRun:
        paid_visit()
        time_machine.move_to(LATER, tick=False)
        return draft(tess)

    def test_the_page_names_who_approves_and_they_do(self, run: PayRun, ana: Member, bo: Member, tess: Member) -> None:
        pages = {one.pk: page_of(run, one) for one in (ana, bo, tess)}
        assert ["Ana R." in page and "Bo L." in page for page in pages.values()] == [True] * 3
        assert ["Approve and pay" in page for page in pages.values()] == [True, True, False]
        answer = signed_in(bo).post(reverse("approve_pay_run", args=[run.pk]))
        run.refresh_from_db()
        assert (answer.status_code, run.state, run.approved_by) == (302, "approved", bo.user)

    def test_they_read_the_lines_that_they_answer_for_and_only_so_long(self, run: PayRun, bo: Member) -> None:
        assert "Member by member" in page_of(run, bo)
        run.approve(at=LATER, by=bo.user)
        assert "Member by member" not in page_of(run, bo)

    def test_where_an_office_can_nobody_else_does(self, run: PayRun, bo: Member, board: User) -> None:
        assert "Approve and pay" not in page_of(run, bo)
        assert signed_in(bo).post(reverse("approve_pay_run", args=[run.pk])).status_code == 403
        assert "Bea B." in page_of(run, bo)

    def test_it_waits_on_the_home_of_who_stands_in(self, run: PayRun, bo: Member, tess: Member) -> None:
        told = Notice.objects.filter(key__startswith=f"pay_run_waits:{run.pk}:").values_list("user__name", flat=True)
        assert sorted(told) == ["Ana Reyes", "Bo Lindgren"]

    def test_a_candidate_or_who_rests_does_not_stand_in(
        self, run: PayRun, ana: Member, bo: Member, cara: Member
    ) -> None:
        bo.go_on_leave(at=LATER, by=None)
        assert [signed_in(one).post(reverse("approve_pay_run", args=[run.pk])).status_code for one in (bo, cara)] == [
            403
        ] * 2
        assert run.seconds(LATER) == [ana.user]


def page_of(run: PayRun, member: Member) -> str:
    return signed_in(member).get(run.get_absolute_url()).content.decode()


def signed_in(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser
