"""What waits for a person is on the list, with its age, its reason and what mends it; nothing waits unseen."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.db.models import Model, TextChoices
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coop.models import Heartbeat
from coop.states import Stateful
from coop.web import attention
from coop.web.attention import Row
from members.models import Confirmation, Member, Notice, User
from payouts.models import (
    Account,
    CardSession,
    Charge,
    Dispute,
    Entry,
    Explanation,
    GiftCard,
    HandEntry,
    Move,
    Movement,
    Payout,
    PayRun,
    Recovery,
    Refund,
    TakeBack,
)
from payouts.payroll.payouts import AGAIN
from tests import make
from tests.browsers import Browser
from tests.payouts.stage import NOW, booking, done_visit

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=8)
MOVES_BY_ITSELF: list[tuple[str, list[TextChoices]]] = [
    ("a sweep takes the next step", [Charge.State.HELD, Charge.State.CAPTURED, Refund.State.DUE]),
    ("over", [Charge.State.SETTLED, Charge.State.RELEASED, Refund.State.SENT, Refund.State.DECLINED]),
    ("a sweep sends it", [Payout.State.PENDING, Payout.State.SENDING]),
    ("its pay run waits", [Payout.State.DRAFTED]),
    ("over", [Payout.State.SENT, Payout.State.WITHDRAWN]),
    ("its payouts wait, each by itself", [PayRun.State.APPROVED, PayRun.State.PAYING]),
    ("over", [PayRun.State.PAID, PayRun.State.RETURNED]),
    ("the client fills it in, and it ends by itself", [CardSession.State.OPEN]),
    ("over", [CardSession.State.COMPLETE, CardSession.State.EXPIRED]),
    ("the buyer pays it, or it lapses by itself", [GiftCard.State.ASKED]),
    ("whoever got it uses it when they like", [GiftCard.State.PAID]),
    ("over", [GiftCard.State.USED, GiftCard.State.LAPSED]),
    ("over", [Recovery.State.CLOSED]),
    ("its second person is asked", [HandEntry.State.ASKED]),
    ("over", [HandEntry.State.POSTED, HandEntry.State.DECLINED, HandEntry.State.UNDONE]),
    ("a sweep takes the next step", [TakeBack.State.DUE, Movement.State.NEW]),
    ("its question to a second person waits", [TakeBack.State.ASKED, Explanation.State.ASKED]),
    ("over", [TakeBack.State.SENT, TakeBack.State.DECLINED, Explanation.State.DONE, Explanation.State.DECLINED]),
    ("over", [Movement.State.BOOKED, Movement.State.FOREIGN]),
    ("the bank looks at it", [Dispute.State.ANSWERED]),
    ("over", [Dispute.State.WON, Dispute.State.LOST, Dispute.State.CLOSED]),
    ("decided", [Confirmation.State.CONFIRMED, Confirmation.State.DECLINED, Confirmation.State.WITHDRAWN]),
]
"""States that need no person, each with why."""


@pytest.fixture
def board(db: None) -> User:
    return make.member("Bea Board", hours=None, roles=["board"]).user


def on_the_list(code: str, user: User, *, at: datetime = LATER) -> list[object]:
    found = next(one for one in attention.lists_of(user) if one.code == code).find(user, at)
    return [one for one in found if isinstance(one, Model)]


def rows(code: str, user: User, *, at: datetime = LATER) -> list[attention.Row]:
    waiting = next(one for one in attention.lists_of(user) if one.code == code)
    return [waiting.show(one) for one in waiting.find(user, at)]


def page_of(member: Member, name: str = "trouble") -> str:
    browser = Browser()
    browser.force_login(member.user)
    return " ".join(browser.get(reverse(name)).content.decode().split())


def lives() -> list[type[Stateful]]:
    return [one for one in apps.get_app_config("payouts").get_models() if issubclass(one, Stateful)] + [Confirmation]


def key(state: TextChoices) -> tuple[str, str]:
    return type(state).__qualname__, state.value


def test_every_state_that_waits_for_a_person_has_its_list_and_every_other_a_reason() -> None:
    listed = {key(state) for one in attention.registered() for state in one.states}
    excused = {key(state) for _why, states in MOVES_BY_ITSELF for state in states}
    every = {key(state) for model in lives() for state in model.State}
    assert every - listed - excused == set(), "waits for a person, and nobody sees it"
    assert (listed & excused, excused - every) == (set(), set())


def approved(tess: Member, board: User) -> PayRun:
    done_visit()
    run = PayRun.draft(ends_on=NOW.date() + timedelta(days=5), at=LATER, by=tess.user)
    run.approve(at=LATER, by=board)
    return run


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"state": "failed"}, "payouts"),
        ({"state": "review"}, "payouts"),
        ({"state": "waiting", "due_at": LATER + AGAIN}, "payouts"),
        ({"state": "waiting", "due_at": None}, "without_account"),
    ],
)
def test_pay_that_does_not_go_out_is_there(
    facts: dict[str, object], code: str, ana: Member, tess: Member, board: User
) -> None:
    run = approved(tess, board)
    run.payouts.update(**facts)
    (row,) = rows(code, tess.user)
    assert (row.about, row.cents, row.since) == (str(ana), 13300, LATER)
    assert [one.address for one in row.remedies if one.asks] == [reverse("pay_outside", args=[run.payouts.get().pk])]


def test_whoever_has_no_bank_account_is_paid_by_check_from_the_list(ana: Member, tess: Member, board: User) -> None:
    """The fault as it was found: owed since July behind “All is well”, and no button."""
    run = approved(tess, board)
    run.payouts.update(state="waiting", due_at=None)
    page = page_of(tess)
    assert ["All is well" in page, str(ana) in page, "$133.00" in page, "Pay by check" in page] == [False, *[True] * 3]
    browser = Browser()
    browser.force_login(tess.user)
    browser.post(reverse("pay_outside", args=[run.payouts.get().pk]), {"note": "Check 41."})
    assert (run.payouts.get().state, "All is well" in page_of(tess)) == ("sent", True)


def test_wages_wait_until_the_firm_has_their_file(ana: Member, tess: Member, board: User) -> None:
    from payouts.models import PayKind

    PayKind.objects.create(member=ana, kind="wages", starts_on=NOW.date(), said_at=NOW, said_by=None)
    run = approved(tess, board)
    assert [row.cents for row in rows("wages", tess.user)] == [13300]
    run.export(at=LATER, by=tess.user)
    assert rows("wages", tess.user) == []


def test_a_pay_run_and_a_refund_wait_for_a_second_person(ana: Member, tess: Member, board: User) -> None:
    done = done_visit()
    PayRun.draft(ends_on=NOW.date() + timedelta(days=5), at=LATER, by=tess.user)
    Charge.objects.update(state="settled", intent="pi_1", captured_cents=14000)
    Refund.give(done.charges.get(), cents=12000, responsible="coop", note="A vase.", at=LATER, by=tess.user)
    assert [row.chip for row in rows("refunds", tess.user)] == ["waits for a second person"]
    assert [row.since for row in rows("drafts", tess.user)] == [LATER]
    assert [len(on_the_list("confirmations", tess.user, at=LATER + timedelta(days=days))) for days in (1, 3)] == [0, 1]


@pytest.mark.parametrize(("state", "code"), [("failed", "cards"), ("due", "to_collect")])
def test_a_charge_that_waits_is_there_with_what_mends_it(state: str, code: str, ana: Member, tess: Member) -> None:
    done = done_visit()
    wanted = {"failed": "capture", "due": "outside"}[state]
    Charge.objects.update(state=state, wanted=wanted, trouble="Your card was declined." if state == "failed" else "")
    (row,) = rows(code, tess.user)
    assert (row.about, row.cents) == (str(done.booking.client), 14000)
    assert reverse("pay_outside_charge", args=[done.charges.get().pk]) in [one.address for one in row.remedies]
    assert (reverse("save_card", args=[done.booking.token]) in row.reason) == (state == "failed")


def test_a_refund_that_did_not_go_back_is_there(ana: Member, tess: Member) -> None:
    charge = done_visit().charges.get()
    Charge.objects.update(state="settled", intent="pi_1", captured_cents=14000)
    charge.refresh_from_db()
    refund = Refund.give(charge, cents=100, responsible="coop", note="A vase.", at=LATER, by=tess.user)
    refund.fail(reason="The bank said no.", at=LATER, by=None)
    assert [row.reason for row in rows("refunds", tess.user)] == ["A vase. The bank said no."]


def owe(member: Member, cents: int) -> None:
    pay, operations = Account.pay(member.pk), Account.fund(Account.Kind.OPERATIONS)
    ends = (pay, operations) if cents < 0 else (operations, pay)
    Entry.post(key=f"x:{member.pk}:{cents}", kind=Entry.Kind.REFUND, at=NOW, moves=[Move(*ends, abs(cents))])


def test_what_members_owe_and_what_those_who_left_are_owed_is_there(ana: Member, bo: Member, tess: Member) -> None:
    owe(ana, -1200)
    owe(bo, 700)
    assert [(row.about, row.cents, row.since) for row in rows("owing", tess.user)] == [(str(ana), 1200, NOW)]
    assert rows("left_over", tess.user) == []
    for member in (ana, bo):
        member.leave_coop(at=LATER, by=None)
    assert [row.cents for row in rows("left_over", tess.user)] == [700]
    assert "They have left" in rows("owing", tess.user)[0].reason
    assert {"funds": [row.about for row in rows("funds", tess.user)]} == {"funds": []}


def test_messages_and_background_work_in_trouble_are_there(sol: Member, tess: Member) -> None:
    Notice.objects.create(
        key="1", user=tess.user, subject="A visit", body="It stands.", due_at=NOW, tries=8, trouble="No such box."
    )
    assert [(row.about, row.reason) for row in rows("messages", sol.user)] == [("Tess Marin: A visit", "No such box.")]
    well = {"at": LATER, "well_since": LATER}
    Heartbeat.objects.create(sweep="payouts.sweep_cards", **well)
    Heartbeat.objects.create(sweep="payouts.sweep_weeks", **{**well, "at": LATER - timedelta(minutes=6)})
    Heartbeat.objects.create(sweep="payouts.sweep_funds", **well, rows=["payouts.Charge 3: KeyError"])
    assert [row.about for row in rows("sweeps", sol.user)] == ["payouts.sweep_weeks", "payouts.sweep_funds"]


def test_whoever_coordinates_reads_nothing_about_pay(ana: Member, sol: Member, tess: Member, board: User) -> None:
    approved(tess, board).payouts.update(state="failed")
    owe(ana, -100000)
    page = page_of(sol)
    assert (str(ana) in page, "$133.00" in page) == (False, False)


def test_of_whom_nobody_said_how_they_are_paid(ana: Member, bo: Member, board: User) -> None:
    assert {row.about for row in rows("pay_kinds", board)} == {str(ana), str(bo), str(board.name)}
    make.pay_kind("draw", member=ana)
    assert str(ana) not in [row.about for row in rows("pay_kinds", board)]


def test_the_home_of_the_office_counts_what_waits(ana: Member, tess: Member, board: User) -> None:
    approved(tess, board).payouts.update(state="failed")
    assert attention.counted_lately(tess.user, timezone.now()) == 1
    browser = Browser()
    browser.force_login(tess.user)
    home = browser.get(reverse("home")).content.decode()
    assert home.count(reverse("trouble")) > page_of(tess, "books").count(reverse("trouble"))


def test_it_asks_the_same_for_two_and_for_twenty(ana: Member, tess: Member, board: User) -> None:
    def asked() -> int:
        browser = Browser()
        browser.force_login(tess.user)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(reverse("trouble")).status_code == 200
        return len(seen)

    def more(number: int) -> None:
        booked = booking(starts_at=NOW + timedelta(days=2 + number), at=NOW)
        Charge.plan(booked.first_visit(), at=NOW)
        Charge.objects.update(state="failed")
        owe(make.member(f"Somebody {number}", hours=None), -1)
        Heartbeat.objects.create(sweep=f"x{number}", at=datetime(2026, 1, 1, tzinfo=UTC), trouble="No.")

    for number in range(2):
        more(number)
    few = asked()
    for number in range(2, 12):
        more(number)
    assert asked() == few


def test_what_waits_since_today_says_so_and_what_waits_longer_says_how_long(tess: Member) -> None:
    rows = [Row("Something", since=NOW - timedelta(days=days)) for days in (0, 3)]
    with time_machine.travel(NOW, tick=False):
        today, earlier = (render_to_string("payouts/trouble/row.html", {"row": row}) for row in rows)
    assert ("Since today" in today, "()" in today, "(3\xa0days)" in earlier) == (True, False, True)
