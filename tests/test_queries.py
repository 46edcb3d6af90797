"""A page asks the database the same number of questions whether the co-op is small or ten times as large."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models import AddOn, CareRecord, ChecklistTask, Incident, Redo, Service, Shift, ThankYou
from members.models import Notice, User
from payouts.models import BankLine, Charge, Dispute, Movement, PayRun, Refund
from payouts.reconciliation.bank.lines import Read
from tests import house, make
from tests.governance import votes
from tests.house import A_DAY, NOBODY, NOW, House

pytestmark = pytest.mark.django_db

AN_HOUR = timedelta(hours=1)
PAGES = {
    NOBODY: ["home", "how_it_works", "quote", "calendar_feed"],
    "lee": ["home", "credit", "my_bookings", "visit", "receipt", "booking", "cancel_own_visit"],
    "jo": ["home", "my_bookings", "homes", "change_home", "visit", "receipt", "receipts", "household", "my_calendar"],
    "ana": [
        "thank_yous",
        "incidents",
        "today",
        "saved_day",
        "offers",
        "turn",
        "spotlight",
        "overrides",
        "outside_hours",
        "swap_shift",
        "earnings",
        "statement",
        "books",
        "me",
        "pay_runs",
    ],
    "cara": ["proposals", "proposal", "policies"],
    "bo": ["offers"],
    "kim": ["homes", "my_card", "receipts", "my_data"],
    "tess": [
        *("home", "pay_runs", "pay_run", "trouble", "recovery", "refund_visit"),
        *("reconciliation", "disputes"),
    ],
    "sol": [
        *("home", "unfilled_shifts", "trouble", "prices", "price_service", "checklists", "week", "find", "hand_over"),
        *("odd_taps", "care_records", "care_record", "nobody_opens", "redos"),
        *(
            "incidents",
            "homes_i_refuse",
            "client",
            "calls",
            "change_service",
            "change_add_on",
            "price_add_on",
            "skills",
            "closed_days",
            "areas",
            "change_areas",
            "bookable_hours",
        ),
    ],
}
MORE = 10
MOST_QUERIES = 26
"""Queries that no page needs more of."""
EACH_ONCE = ("readiness", "trouble")
"""Asks each need of a co-op, and each list of what waits, once, and none for each row."""


def address(home: House, name: str) -> str:
    about = {
        **dict.fromkeys(["visit", "cancel_own_visit", "nobody_opens"], home.today.visit_id),
        "care_record": home.care.shift_id,
        "refund_visit": home.done.pk,
        "calendar_feed": home.feed.token,
        "change_home": home.today.home.pk,
        "receipt": home.done.pk,
        "booking": home.today.visit.booking.token,
        **dict.fromkeys(["turn", "swap_shift"], home.today.pk),
        "statement": home.paid.pk,
        "proposal": home.talk.pk,
        "pay_run": home.run.pk,
        **dict.fromkeys(["price_service", "change_service"], "cleaning"),
        **dict.fromkeys(["price_add_on", "change_add_on"], "oven"),
        "hand_over": home.day_off.pk,
        "client": home.today.home.client_id,
    }
    return reverse(name, args=[about[name]] if name in about else [])


def asked(home: House) -> dict[str, int]:
    """How many queries each page needs for whom, the second time it is looked at."""
    found = {}
    for who, names in PAGES.items():
        for name in names:
            page = address(home, name)
            home.browser(who).get(page)
            with CaptureQueriesContext(connection) as queries:
                assert home.browser(who).get(page).status_code == 200, (who, name)
            found[f"{name} ({who})"] = len(queries)
    return found


def grow(home: House) -> None:
    """Ten times as much of everything that pages show in rows."""
    ana, tess, ben = (home.people[name] for name in ("ana", "tess", "ben"))
    lee, kim = home.today.home.client, home.offer.shift.home.client
    people = [make.member(hours=(18, 20)) for _ in range(MORE)]
    home.run.approve(at=NOW, by=ben, despite="It is looked into.")
    for number in range(MORE):
        _list(tess, from_day=NOW.date() + (number + 1) * A_DAY)
        day = (number + 8) * A_DAY
        make.accepted(client=lee, starts_at=NOW + day, at=NOW)
        make.confirmed(client=kim, starts_at=NOW + day + 5 * AN_HOUR, at=NOW)
        visit = house.done(lee, days_ago=number + 10)
        house.odd_tap(visit)
        CareRecord.write(visit.shifts.get(), at=NOW)
        sol = home.people["sol"].membership
        house.overridden(visit, giver=sol, receiver=ana.membership, due=people[number])
        Charge.objects.get(visit=visit).decline(reason="The bank said no.", at=NOW, by=None)
        Redo.ask(visit, rooms=["hall"], words="", at=visit.completed_at, by=lee.user)
        said: dict[str, Any] = {"kind": "broken", "words": "A vase.", "left": False}
        for _half in range(2):
            incident = Incident.report(visit.shifts.get(), **said, at=visit.completed_at, by=ana)
        incident.close("Paid.", at=visit.completed_at, by=ana)
        ThankYou.write(visit, words="Thank you!", at=NOW)
        votes.discussing(ana.membership)
        home.today.visit.try_contact("call", note="", at=NOW, by=ana)
        facts = {"cents": -7, "fee_cents": 0, "moved_at": NOW, "due_at": NOW}
        Movement.objects.create(bt=f"txn_{number}", type="odd", state="waits", **facts)
        facts = {"opened_at": NOW, "look_at": NOW, "cents": 9000, "reason": "fraudulent"}
        Dispute.objects.create(dispute=f"du_{number}", charge=Charge.objects.get(visit=visit), **facts)
        BankLine.take_in([Read(NOW.date(), number + 1, "WHO KNOWS")], at=NOW, by=tess)
        refund = Refund.give(home.refund.charge, cents=1, responsible="coop", note="Late.", at=NOW, by=tess)
        refund.fail(reason="Stripe said no.", at=NOW, by=None)
        Refund.give(home.refund.charge, cents=2, responsible="worker", note="Late.", at=NOW, by=tess)
        Notice.objects.create(key=f"{number}", user=home.call.user, subject="A visit", body="It stands.", due_at=NOW)
        home.talk.comment("Good.", at=NOW, by=people[number].user)
        day_before = date(2026, 1, 1) + number * A_DAY
        PayRun.objects.create(
            state="paid",
            starts_on=day_before,
            ends_on=day_before,
            drafted_by=tess,
            drafted_at=NOW,
            approved_by=ben,
            approved_at=NOW,
        )
    home.day_off.shifts.set(Shift.objects.filter(visit__isnull=False)[:MORE])
    home.paid = home.run = PayRun.draft(ends_on=date(2026, 3, 8), at=NOW, by=tess)
    home.run.approve(at=NOW, by=ben, despite="It is looked into.")


def _ask(home: House) -> None:
    """Ana said yes a moment ago and is asked for more, so that each list of hers has a row from the beginning."""
    day = NOW + 6 * A_DAY
    home.people["bo"].membership.take_leave(first=day.date(), last=day.date(), today=NOW.date())
    make.accepted(client=home.today.home.client, starts_at=day, at=NOW)
    make.confirmed(client=home.today.home.client, starts_at=day + 5 * AN_HOUR, at=NOW)


def _list(user: User, *, from_day: date) -> None:
    """New prices from a day on, and one more thing to do."""
    Service.objects.get(code="cleaning").set_price(
        cents_per_hour=4000, fixed_cents=0, from_day=from_day, at=NOW, by=user
    )
    ChecklistTask.add(room="hall", level="regular", text_en=f"{from_day}", text_es=f"{from_day}", at=NOW, by=user)
    AddOn.objects.get(code="oven").set_price(cents=2000, from_day=from_day, at=NOW, by=user)


def test_a_page_asks_as_often_for_few_rows_as_for_many(home: House) -> None:
    _ask(home)
    few = asked(home)
    grow(home)
    many = asked(home)
    print("\n".join(f"{page:24} {few[page]:4} {many[page]:4}" for page in few))  # noqa: T201  (shown by pytest -s)
    assert {page: (few[page], many[page]) for page in few if many[page] > few[page]} == {}
    assert {page: n for page, n in many.items() if n > MOST_QUERIES and not page.startswith(EACH_ONCE)} == {}
