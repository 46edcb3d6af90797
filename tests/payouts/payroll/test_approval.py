"""What the second person sees before they say yes: what is odd, each line, who has no account, the money at Stripe."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Member
from payouts.ledger.ledger import Account, Entry, Move
from payouts.models import PayeeAccount, PayRun
from payouts.payroll.approval import overview
from payouts.payroll.approval.comparison import Sums, Usual, odd_in, out_of_the_ordinary
from payouts.payroll.approval.funding import Funding
from payouts.payroll.approval.overview import Overview
from payouts.sandbox import Fault, Mode, Sandbox
from tests import make
from tests.browsers import Browser
from tests.payouts.stage import NOW, paid_visit

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=8)
DAY = timedelta(days=1)
FORTY = Sums(40 * 60, 100_000, 0)
"""Forty hours at 25.00."""


@pytest.fixture
def board(db: None) -> Member:
    return make.member("Bea Board", hours=None, roles=["board"])


def owe(member: Member, cents: int, *, key: str = "", kind: str = Entry.Kind.FEE, memo: str = "") -> None:
    """Something of running the co-op that is owed to a member; below zero, what is taken back."""
    fund, pay = Account.fund(Account.Kind.OPERATIONS), Account.pay(member.pk)
    move = Move(fund, pay, cents) if cents > 0 else Move(pay, fund, -cents)
    Entry.post(key=f"owe:{member.pk}:{key}", kind=kind, at=NOW, moves=[move], memo=memo)


def draft(tess: Member, ends_on: date = date(2026, 3, 15)) -> PayRun:
    return PayRun.draft(ends_on=ends_on, at=LATER, by=tess.user)


class TestOdd:
    @pytest.mark.parametrize(
        ("now", "late", "said"),
        [
            (Sums(40 * 60, 100_000, 0), 0, []),
            (Sums(58 * 60, 145_000, 0), 0, []),
            (Sums(61 * 60, 152_500, 0), 0, ["61 hours, usually 40 hours"]),
            (Sums(61 * 60, 152_500, 0), 300, ["61 hours, usually 40 hours; 5 hours of it from days before"]),
            (Sums(19 * 60, 47_500, 0), 0, ["19 hours, usually 40 hours"]),
            (Sums(40 * 60, 124_000, 0), 0, ["$31.00 an hour, usually $25.00"]),
            (Sums(40 * 60, 100_000, -1250), 0, ["corrections of −$12.50"]),
        ],
    )
    def test_only_what_is_not_somebodys_own_usual_is_said(self, now: Sums, late: int, said: list[str]) -> None:
        assert out_of_the_ordinary(now, Usual.of([FORTY] * 3), late=late) == said

    def test_whose_hours_go_up_and_down_is_usual_with_them(self) -> None:
        hours = [20, 60, 20, 60, 20, 60]
        usual = Usual.of([Sums(one * 60, one * 2500, 0) for one in hours])
        assert out_of_the_ordinary(Sums(70 * 60, 175_000, 0), usual, late=0) == []

    def test_a_few_hours_are_never_odd_and_one_outlier_moves_no_usual(self) -> None:
        usual = Usual.of([Sums(minutes, minutes * 40, 0) for minutes in (240, 300, 270, 6000)])
        assert usual is not None
        assert usual.minutes == 285
        assert out_of_the_ordinary(Sums(600, 24_000, 0), usual, late=0) == []

    def test_with_too_few_runs_nobody_has_a_usual(self) -> None:
        assert Usual.of([FORTY] * 2) is None
        assert out_of_the_ordinary(Sums(6000, 9, 0), None, late=0) == []

    def test_who_is_paid_for_the_first_time_is_marked_but_not_in_the_first_run(
        self, ana: Member, bo: Member, tess: Member, board: Member
    ) -> None:
        owe(ana, 5000)
        first = draft(tess)
        assert odd_in(first) == {}
        first.approve(at=LATER, by=board.user)
        owe(ana, 5000, key="more")
        owe(bo, 5000)
        second = draft(tess, date(2026, 3, 16))
        assert odd_in(second) == {second.payouts.get(member=bo).pk: ["for the first time, or after a long while"]}

    def test_a_tip_that_went_back_is_a_correction_and_no_less_pay_an_hour(self, ana: Member, tess: Member) -> None:
        owe(ana, 5000)
        tips, fund = Account.tips(ana.pk), Account.fund(Account.Kind.STRIPE)
        Entry.post(key="tip", kind=Entry.Kind.TIP, at=NOW, moves=[Move(fund, tips, 1500)])
        Entry.post(key="tip-back", kind=Entry.Kind.REFUND, at=NOW, moves=[Move(tips, fund, 900)])
        run = draft(tess)
        assert odd_in(run) == {run.payouts.get().pk: ["corrections of −$9.00"]}


class TestThePage:
    def test_shows_each_line_and_why_money_was_taken_back(self, ana: Member, tess: Member, board: Member) -> None:
        owe(ana, 5000)
        owe(ana, -1250, key="vase", kind=Entry.Kind.REFUND, memo="worker: A vase broke.")
        page = seen(draft(tess), board)
        for words in ("$37.50", "$50.00", "−$12.50", "worker: A vase broke.", "Corrections of −$12.50"):
            assert words in page
        assert "1 member to look at" in page

    def test_says_who_has_no_account_and_how_much_waits_for_it(self, ana: Member, tess: Member, board: Member) -> None:
        owe(ana, 5000)
        page = seen(draft(tess), board)
        assert "1 member, paid once they have one" in page
        assert "no bank account yet" in page

    def test_other_members_see_the_totals_only(self, ana: Member, bo: Member, tess: Member, board: Member) -> None:
        owe(ana, 5000)
        page = seen(draft(tess), bo)
        assert ("Member by member" in page, "Is the money there?" in page) == (False, False)

    def test_the_odd_come_first_then_who_cannot_be_paid_a_page_at_a_time(
        self, ana: Member, bo: Member, cara: Member, tess: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(overview, "PER_PAGE", 2)
        for member in (ana, bo, cara):
            owe(member, 5000)
        owe(cara, -100, key="back", kind=Entry.Kind.REFUND)
        PayeeAccount.objects.create(member=ana, account="acct_ana", transfers_active=True)
        run = draft(tess)
        pages = [[row.payout.member for row in Overview.of(run, page=page).page] for page in ("1", "2")]
        assert pages == [[cara, bo], [ana]]

    def test_asks_as_many_questions_for_many_members_as_for_one(self, ana: Member, tess: Member, board: Member) -> None:
        def asked(run: PayRun) -> int:
            with CaptureQueriesContext(connection) as queries:
                for row in Overview.of(run, page=None).page:
                    assert [line.transfer.entry.memo for line in row.payout.lines.all()] == [""] * 2
            return len(queries)

        def two_lines(*members: Member) -> PayRun:
            for member in members:
                owe(member, 5000, key=f"a{len(members)}")
                owe(member, 2000, key=f"b{len(members)}")
            return draft(tess, date(2026, 3, 14) + len(members) * DAY)

        owe(ana, 5000)
        draft(tess, date(2026, 3, 14)).approve(at=LATER, by=board.user)
        of_one = two_lines(ana)
        one = asked(of_one)
        of_one.approve(at=LATER, by=board.user)
        assert asked(two_lines(ana, *(make.member("") for _more in range(6)))) == one


class TestTheMoney:
    @pytest.fixture
    def run(self, sandbox: Sandbox, ana: Member, tess: Member) -> PayRun:
        """One visit of 140.00, of which Stripe has 135.64, and 133.00 is Ana's."""
        paid_visit()
        payee = PayeeAccount.of(ana)
        sandbox.onboard(payee.account or "", "complete")
        payee.look(at=NOW)
        return draft(tess)

    def test_is_there_or_so_much_of_it_is_missing(self, run: PayRun, bo: Member) -> None:
        found = Funding.of(run)
        assert (found.run, found.available, found.short) == (13300, 13564, 0)
        assert Funding(run=13300, others=500, available=13564).short == 236

    def test_pay_that_is_on_its_way_needs_it_too(self, run: PayRun, ana: Member, tess: Member, board: Member) -> None:
        run.approve(at=LATER, by=board.user)
        owe(ana, 5000)
        found = Funding.of(draft(tess, date(2026, 3, 16)))
        assert (found.run, found.others, found.short) == (5000, 13300, 5000 + 13300 - 13564)

    def test_when_stripe_does_not_answer_the_page_says_so(self, sandbox: Sandbox, run: PayRun, board: Member) -> None:
        sandbox.faults(Fault(Mode.ERROR_BEFORE, method="GET", times=9))
        assert "Stripe does not answer" in seen(run, board)


def seen(run: PayRun, member: Member) -> str:
    """The page of a pay run as a member sees it."""
    browser = Browser()
    browser.force_login(member.user)
    return browser.get(run.get_absolute_url()).content.decode()
