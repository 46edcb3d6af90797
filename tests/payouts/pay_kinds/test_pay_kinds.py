"""How each member is paid is a dated fact: each day's work is paid in its day's way, once, and wages never here."""

from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils.html import strip_tags

from coop.errors import Refusal
from coop.models import Event
from coop.readiness.needs import lacking
from members.models import Member, Notice, User
from payouts.models import Account, PayKind, Payout, PayRun
from payouts.pay_kinds.pay_kinds import Kinds
from payouts.payroll.presenters import unpaid_work
from payouts.payroll.wages import HEADER
from tests import make
from tests.bookings.desk import signed_in, text
from tests.payouts.stage import NOW, do, visit
from tests.races import at_once

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
FIRST, SECOND = NOW.date() + 2 * A_DAY, NOW.date() + 7 * A_DAY
"""A Thursday and the Tuesday after it: two weeks of work."""
LATER = NOW + 20 * A_DAY
Kind = PayKind.Kind
keep = import_module("payouts.migrations.0014_members_are_paid_as_before").keep


@pytest.fixture
def board(db: None) -> User:
    return make.member("Bea Board", hours=None, roles=["board"]).user


@pytest.fixture
def mem(db: None) -> User:
    return make.member("Mem Ortiz", hours=None, roles=["membership"]).user


def two_weeks() -> None:
    """210 minutes for 133.00 on each of the two days."""
    for day in (FIRST, SECOND):
        do(visit(starts_at=NOW + (day - NOW.date())))


def draft(tess: Member, *, at: datetime = LATER, ends_on: date = SECOND) -> PayRun:
    return PayRun.draft(ends_on=ends_on, at=at, by=tess.user)


def owed(member: Member) -> int:
    return sum(account.balance for account in Account.objects.filter(member=member).with_balance())


def rows(run: PayRun) -> list[tuple[int, int, bool, str]]:
    found = run.payouts.order_by("member", "through_firm")
    return [(row.member_id, row.cents, row.through_firm, row.state) for row in found]


def on(member: Member, *days: date) -> list[str | None]:
    kinds = Kinds([member.pk])
    return [kinds.on(member.pk, day) for day in days]


def sees(member: Member, name: str, *args: int) -> str:
    return " ".join(strip_tags(text(signed_in(member).get(reverse(name, args=args)))).split())


def test_ones_own_way_counts_by_day_and_else_that_of_whoever_started_then(ana: Member, tess: Member) -> None:
    PayKind.say(None, Kind.WAGES, starts_on=make.FIRST_DAY + 30 * A_DAY, at=NOW, by=tess.user)
    newcomer = Member.objects.take_in(
        make.user("New Comer"), on=make.FIRST_DAY + 30 * A_DAY, at=NOW, by=None, zip=make.zip_code()
    )
    PayKind.say(ana, Kind.CONTRACTOR, starts_on=SECOND, at=NOW, by=tess.user)
    assert on(ana, SECOND - A_DAY, SECOND) == [Kind.DRAW, Kind.CONTRACTOR]
    assert on(newcomer, make.FIRST_DAY, SECOND) == [Kind.WAGES, Kind.WAGES]


def test_who_comes_back_is_paid_for_the_time_before_as_it_was_then(tess: Member) -> None:
    PayKind.say(None, Kind.WAGES, starts_on=FIRST, at=NOW, by=tess.user)
    PayKind.say(None, Kind.DRAW, starts_on=SECOND, at=NOW, by=tess.user)
    comes = Member.objects.take_in(make.user("Cy Back"), on=FIRST, at=NOW, by=None, zip=make.zip_code())
    comes.leave_coop(at=NOW + 4 * A_DAY, by=None)
    comes.return_as_candidate(at=LATER, by=None)
    assert on(comes, FIRST, SECOND, LATER.date()) == [Kind.WAGES, Kind.WAGES, Kind.DRAW]


def test_a_later_word_for_an_earlier_day_leaves_those_alone_who_were_there(ana: Member, board: User) -> None:
    PayKind.say(None, Kind.WAGES, starts_on=SECOND, at=NOW, by=board)
    PayKind.say(None, Kind.DRAW, starts_on=FIRST, at=NOW, by=board)
    assert on(ana, FIRST, SECOND) == [Kind.WAGES, Kind.WAGES]


def test_each_day_is_paid_in_its_way_and_once(ana: Member, tess: Member, board: User) -> None:
    """Two visits of 133.00: the first as a draw, the second as wages."""
    PayKind.say(ana, Kind.WAGES, starts_on=SECOND, at=NOW, by=tess.user)
    two_weeks()
    run = draft(tess)
    assert rows(run) == [(ana.pk, 13300, False, "drafted"), (ana.pk, 13300, True, "drafted")]
    run.approve(at=LATER, by=board)
    assert rows(run) == [(ana.pk, 13300, False, "pending"), (ana.pk, 13300, True, "handed_over")]
    totals: Any = PayRun.objects.with_totals().get()
    assert (totals.people, totals.cents, totals.minutes, totals.wages) == (1, 13300, 210, 13300)
    assert owed(ana) == 13300
    assert [work.cents for work in unpaid_work(ana)] == [13300]
    PayKind.say(ana, Kind.DRAW, starts_on=SECOND + A_DAY, at=LATER, by=tess.user)
    with pytest.raises(Refusal, match="Nobody has anything"):
        draft(tess, at=LATER + A_DAY, ends_on=SECOND + A_DAY)


def test_wages_are_never_sent_from_here(ana: Member, tess: Member, board: User) -> None:
    make.pay_kind(Kind.WAGES, member=ana)
    two_weeks()
    run = draft(tess)
    run.approve(at=LATER, by=board)
    payout = run.payouts.get()
    assert (list(Payout.objects.due(LATER)), owed(ana)) == ([], 0)
    payout.send(at=LATER)
    run.follow(at=LATER)
    payout.refresh_from_db()
    assert (payout.state, PayRun.objects.get().state) == ("handed_over", "paid")
    assert Account.objects.with_balance().get(code="bank").balance == 26600
    for forged in ({"state": "pending"}, {"state": "sent", "sent_at": LATER}, {"through_firm": False}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Payout.objects.update(**forged)
    told = Notice.objects.get(key__startswith="wages_handed_over")
    assert (told.user, "$266.00 before tax" in told.subject) == (ana.user, True)


def test_the_firm_gets_hours_and_cents_by_person_and_week(ana: Member, bo: Member, tess: Member, board: User) -> None:
    make.pay_kind(Kind.WAGES, member=ana)
    make.pay_kind(Kind.WAGES, member=bo)
    two_weeks()
    run = draft(tess)
    with pytest.raises(Refusal, match="second person has approved"):
        run.export(at=LATER, by=tess.user)
    run.approve(at=LATER, by=board)
    who = {shift.member_id: shift.starts_at.date() for one in run.payouts.all() for shift in one.member.shifts.all()}
    weeks = [(day - day.weekday() * A_DAY, member) for member, day in who.items()]
    names = {ana.pk: "Ana Reyes", bo.pk: "Bo Lindgren"}
    expected = [
        [member, names[member], monday, monday + 6 * A_DAY, 210, "3.50", 13300, 0, 13300]
        for member in sorted(names)
        for monday, worker in weeks
        if worker == member
    ]
    assert (run.export(at=LATER, by=tess.user), len(HEADER)) == (expected, 9)
    assert Event.objects.about(run).filter(verb="export").get().actor == tess.user


def test_what_is_sent_back_is_free_for_another_way(ana: Member, tess: Member, board: User) -> None:
    two_weeks()
    run = draft(tess)
    with pytest.raises(Refusal, match="is in a pay run already"):
        PayKind.say(ana, Kind.WAGES, starts_on=SECOND, at=LATER, by=tess.user)
    with pytest.raises(DatabaseError), transaction.atomic():
        make.pay_kind(Kind.WAGES, member=ana, since=FIRST)
    run.send_back(at=LATER, by=board, note="She is on wages.")
    PayKind.say(ana, Kind.WAGES, starts_on=FIRST, at=LATER, by=tess.user)
    assert rows(draft(tess)) == [(ana.pk, 26600, True, "drafted")]


def test_nobody_is_paid_before_somebody_has_said_how(ana: Member, board: User) -> None:
    two_weeks()
    with pytest.raises(Refusal, match="how these are paid: Ana R"):
        PayRun.draft(ends_on=SECOND, at=LATER, by=board)
    assert "pay_kind" in {need.key for need in lacking()}
    assert not PayRun.objects.exists()
    PayKind.say(None, Kind.CONTRACTOR, starts_on=SECOND, at=LATER, by=board)
    assert rows(PayRun.draft(ends_on=SECOND, at=LATER, by=board)) == [(ana.pk, 26600, False, "drafted")]


def test_the_member_is_told_and_nobody_says_it_about_themselves(ana: Member, tess: Member) -> None:
    PayKind.say(ana, Kind.WAGES, starts_on=SECOND, at=NOW, by=tess.user)
    assert "through a payroll firm" in Notice.objects.get(user=ana.user, key__startswith="pay_kind_said").body
    assert Event.objects.about(ana).get(verb="say_pay_kind").note.startswith(f"{SECOND}: draw → wages")
    for member, kind, match in ((tess, Kind.WAGES, "about yourself"), (ana, Kind.WAGES, "how it is on that day")):
        with pytest.raises(Refusal, match=match):
            PayKind.say(member, kind, starts_on=SECOND, at=NOW, by=tess.user)
    with pytest.raises(Refusal, match="still to come"):
        PayKind.say(None, Kind.WAGES, starts_on=NOW.date(), at=NOW, by=tess.user)
    for sql in ("UPDATE payouts_paykind SET kind = 'draw'", "DELETE FROM payouts_paykind"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_a_co_op_that_pays_already_goes_on_as_it_does(ana: Member) -> None:
    keep(apps, None)
    assert on(ana, make.FIRST_DAY, SECOND) == [Kind.DRAW, Kind.DRAW]


def test_a_new_co_op_has_said_nothing(db: None) -> None:
    keep(apps, None)
    assert not PayKind.objects.exists()


def test_on_pages_it_is_said_named_in_the_run_and_taken_along(
    ana: Member, tess: Member, mem: User, board: User
) -> None:
    with time_machine.travel(NOW, tick=False):
        page = signed_in(mem).post(reverse("say_pay_kind", args=[ana.pk]), {"kind": "wages", "starts_on": str(FIRST)})
        assert page.status_code == 302
    two_weeks()
    with time_machine.travel(LATER, tick=False):
        assert "Wages, form W-2" in sees(ana, "my_pay_kind")
        assert "Ana Reyeswages, form W-2" in sees(tess, "pay_kinds")
        run = draft(tess)
        run.approve(at=LATER, by=board)
        page = sees(tess, "pay_run", run.pk)
        assert "Paid through the payroll firm" in page
        assert "$266.00" in page
        sheet = signed_in(tess).post(reverse("export_pay_run", args=[run.pk])).content.decode()
        assert [line.split(",")[4:] for line in sheet.splitlines()[1:]] == [["210", "3.50", "13300", "0", "13300"]] * 2
        assert "through the payroll firm" in sees(ana, "statement", run.pk)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_pay_run_and_another_way_at_the_same_moment_pay_once_and_in_one_way(ana: Member, tess: Member) -> None:
    two_weeks()
    results = at_once(
        lambda: draft(tess),
        lambda: PayKind.say(ana, Kind.WAGES, starts_on=FIRST, at=LATER, by=tess.user),
    )
    said = on(ana, FIRST) == [Kind.WAGES]
    assert [isinstance(one, Refusal) for one in results] == [False, not said]
    assert rows(PayRun.objects.get()) == [(ana.pk, 26600, said, "drafted")]
