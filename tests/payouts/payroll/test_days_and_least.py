"""No day is in two pay runs, and who is owed less than the least waits for the next one."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection
from django.urls import reverse

from coop.errors import Refusal
from coop.models import Amendment
from members.models import Member
from payouts.ledger.ledger import Move
from payouts.models import Account, Entry, PayRun
from payouts.payroll.least_payout import waits_for_more
from tests import make
from tests.browsers import Browser
from tests.payouts.stage import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=8)
ENDS_ON = date(2026, 3, 15)


def owe(member: Member, cents: int, *, key: str = "") -> None:
    """Something of running the co-op that is owed to a member for work."""
    move = Move(Account.fund(Account.Kind.OPERATIONS), Account.pay(member.pk), cents)
    Entry.post(key=f"owe:{member.pk}:{key}", kind=Entry.Kind.FEE, at=NOW, moves=[move])


def draft(tess: Member, *, ends_on: date = ENDS_ON) -> PayRun:
    return PayRun.draft(ends_on=ends_on, at=LATER, by=tess.user)


@pytest.fixture
def board(db: None) -> Member:
    return make.member("Bea Board", hours=None, roles=["board"])


@pytest.fixture
def least(db: None) -> None:
    Amendment.objects.create(
        policy="payouts.least_payout_cents",
        numerator=2000,
        effective_on=date(2026, 1, 1),
        enacted_at=NOW,
        source="vote",
    )


class TestDays:
    @pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 10), ENDS_ON])
    def test_a_day_of_a_run_is_in_no_other(self, ana: Member, tess: Member, board: Member, day: date) -> None:
        owe(ana, 1500)
        draft(tess).approve(at=LATER, by=board.user)
        owe(ana, 1000, key="late")
        with pytest.raises(Refusal, match=r"The pay run of March 1–15, 2026 pays for that day"):
            draft(tess, ends_on=day)
        late = draft(tess, ends_on=date(2026, 3, 16))
        assert (late.starts_on, late.ends_on, late.payouts.get().cents) == (date(2026, 3, 16), date(2026, 3, 16), 1000)

    def test_the_days_of_a_draft_that_was_sent_back_are_free(self, ana: Member, tess: Member, board: Member) -> None:
        owe(ana, 1500)
        draft(tess).send_back(at=LATER, by=board.user, note="Not yet.")
        assert draft(tess).payouts.get().cents == 1500

    def test_the_database_says_so_too(self, ana: Member, tess: Member, board: Member) -> None:
        owe(ana, 1500)
        draft(tess).approve(at=LATER, by=board.user)
        days = {"starts_on": ENDS_ON, "ends_on": date(2026, 3, 20)}
        with pytest.raises(IntegrityError, match="pay_runs_share_no_day"):
            PayRun.objects.create(**days, drafted_at=LATER, drafted_by=tess.user)

    def test_older_runs_that_said_the_same_days_are_parted(self, tess: Member, board: Member) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE payouts_payrun DROP CONSTRAINT pay_runs_share_no_day")
        march = [date(2026, 3, day) for day in range(1, 32)]
        said = [(1, 15), (1, 15), (1, 10), (16, 31)]
        made = [
            PayRun.objects.create(
                starts_on=march[first - 1],
                ends_on=march[last - 1],
                drafted_at=LATER,
                drafted_by=tess.user,
                approved_by=board.user,
                approved_at=LATER,
                state="paid",
            )
            for first, last in said
        ]
        import_module("payouts.migrations.0016_pay_runs_share_no_day").part(apps, None)
        found = [PayRun.objects.get(pk=run.pk) for run in made]
        assert [(run.starts_on.day, run.ends_on.day) for run in found] == [(11, 14), (15, 15), (1, 10), (16, 31)]


class TestLeast:
    def test_who_is_owed_less_waits_and_is_shown(self, ana: Member, bo: Member, tess: Member, least: None) -> None:
        owe(ana, 1999)
        owe(bo, 2000)
        run = draft(tess)
        assert [(payout.member, payout.cents) for payout in run.payouts.all()] == [(bo, 2000)]
        assert waits_for_more(run) == [(ana, 1999)]
        browser = Browser()
        browser.force_login(ana.user)
        assert "Less than $20.00 waits for the next pay run" in browser.get(reverse("earnings")).content.decode()
        browser.force_login(tess.user)
        page = browser.get(run.get_absolute_url()).content.decode()
        assert ("Waits for the next pay run" in page, "$19.99" in page) == (True, True)

    def test_what_waited_is_paid_once_it_is_enough(
        self, ana: Member, bo: Member, tess: Member, board: Member, least: None
    ) -> None:
        owe(ana, 1999)
        owe(bo, 2000)
        draft(tess).approve(at=LATER, by=board.user)
        owe(ana, 1, key="more")
        assert draft(tess, ends_on=date(2026, 3, 16)).payouts.get().cents == 2000

    def test_a_leaver_is_paid_whatever_it_is(self, ana: Member, tess: Member, least: None) -> None:
        owe(ana, 1)
        make.stand(Member.State.LEAVING, ana)
        assert draft(tess).payouts.get().cents == 1

    def test_wages_never_wait(self, ana: Member, tess: Member, least: None) -> None:
        make.pay_kind("wages", member=ana)
        owe(ana, 1)
        assert draft(tess).payouts.get().through_firm

    def test_by_itself_nobody_waits(self, ana: Member, tess: Member) -> None:
        owe(ana, 1)
        run = draft(tess)
        assert (run.payouts.get().cents, waits_for_more(run)) == (1, [])
