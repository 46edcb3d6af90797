"""Time between visits, hours over a full week and long days are paid once, from running the co-op."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from bookings.catalog.pricing import Takes
from bookings.models import Service, Visit
from coop.models import Heartbeat
from members.models import Member
from payouts.ledger.presenters import months
from payouts.ledger.tasks import sweep_weeks
from payouts.models import Account, Entry, Line, PayRun, Supplement, WorkWeek
from payouts.payroll.presenters import pay_parts, unpaid_work
from tests import make
from tests.browsers import Browser as Client
from tests.payouts.stage import do, visit
from tests.races import at_once

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
THURSDAY, SUNDAY = date(2026, 3, 12), date(2026, 3, 22)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), NEW_YORK)


def midnight(day: date = THURSDAY) -> datetime:
    """When a day is over."""
    return at(day + DAY, "00:00")


def work(minutes: int) -> Service:
    """So many minutes at 23.42 an hour, of which 22.25 are the worker's."""
    code = f"work-{minutes}"
    found = Service.objects.filter(code=code).first()
    if found is None:
        found = Service.objects.create(code=code, name_en="Work", name_es="Trabajo", skill="cleaning")
        make.price(found, cents_per_hour=2342, takes=Takes(base_minutes=minutes))
    return found


def plan(day: date, clock: str, minutes: int) -> Visit:
    return visit(service=work(minutes), starts_at=at(day, clock))


def two_visits(day: date = THURSDAY) -> None:
    """9:00 to 11:15 and 12:00 to 14:00: five hours."""
    do(plan(day, "09:00", 135))
    do(plan(day, "12:00", 120))


def look(moment: datetime) -> None:
    """What the sweep does."""
    for week in WorkWeek.objects.due(moment):
        week.look(at=moment)


def extra(kind: str) -> list[tuple[str, date, int, int]]:
    """What was paid beyond visits: the keys' ends, the days on which it counts, minutes, cents; all from operations."""
    rows = Supplement.objects.filter(kind=kind, entry__transfers__payer__code="operations").order_by("pk")
    return list(rows.values_list("entry__key", "entry__effective_on", "minutes", "entry__transfers__cents"))


def owed(member: Member) -> int:
    return sum(account.balance for account in Account.objects.filter(member=member).with_balance())


def everything() -> int:
    return sum(account.balance for account in Account.objects.with_balance())


def test_time_between_two_visits_is_paid_at_the_floor_when_the_day_is_over(ana: Member) -> None:
    two_visits()
    look(midnight() - MINUTE)
    assert extra("between") == []
    look(midnight())
    assert extra("between") == [(f"between:{ana.pk}:2026-03-12", THURSDAY, 45, 1669)]
    assert (owed(ana), everything()) == (4450 + 5007 + 1669, 0)


def test_the_clients_price_stays_shared_as_agreed(ana: Member) -> None:
    two_visits()
    before = {account.code: account.balance for account in Account.objects.with_balance()}
    look(midnight())
    after = {account.code: account.balance for account in Account.objects.with_balance()}
    changed = {code: after[code] - before[code] for code in after if after[code] != before[code]}
    assert changed == {"operations": -1669, f"pay:{ana.pk}": 1669}


def test_looking_again_pays_nothing_more(ana: Member) -> None:
    two_visits()
    for moment in (midnight(), midnight(), midnight() + DAY, midnight(THURSDAY + 3 * DAY)):
        look(moment)
    assert (len(extra("between")), WorkWeek.objects.get().due_at) == (1, None)


def test_a_visit_that_ended_late_is_paid_the_difference_on_the_day_it_is_known(ana: Member) -> None:
    two_visits()
    later = plan(THURSDAY, "15:00", 120)
    look(midnight())
    do(later, at=midnight() + 3 * DAY)
    look(midnight() + 3 * DAY)
    assert extra("between") == [
        (f"between:{ana.pk}:2026-03-12", THURSDAY, 45, 1669),
        (f"between:{ana.pk}:2026-03-12:1", THURSDAY + 4 * DAY, 60, 2225),
    ]


def test_what_was_paid_is_not_taken_back(ana: Member) -> None:
    two_visits()
    look(midnight())
    paid = Supplement.objects.of_week(ana.pk, THURSDAY - 3 * DAY)["between", THURSDAY]
    for cents in (1000, 1669, 1670):
        Supplement.fill_up("between", member_id=ana.pk, day=THURSDAY, cents=cents, minutes=27, paid=paid, at=midnight())
    assert [(minutes, cents) for _key, _day, minutes, cents in extra("between")] == [(45, 1669), (0, 1)]


def test_forty_five_hours_come_to_1056_88(ana: Member) -> None:
    monday = SUNDAY - 6 * DAY
    for day in (monday + n * DAY for n in range(5)):
        do(plan(day, "08:00", 240))
        do(plan(day, "13:00", 240))
        look(midnight(day))
    look(midnight(SUNDAY) - MINUTE)
    assert (extra("full_week"), owed(ana)) == ([], 100125)
    look(midnight(SUNDAY))
    assert extra("full_week") == [(f"full_week:{ana.pk}:2026-03-22", SUNDAY, 300, 5563)]
    assert (owed(ana), everything()) == (105688, 0)


@pytest.mark.parametrize(("cents", "paid"), [(1700, 1700), (None, 2225)], ids=["by law", "nothing is known"])
def test_a_day_of_eleven_hours_pays_one_hour_more_at_the_least_wage(cents: int | None, paid: int, ana: Member) -> None:
    if cents:
        make.least_wage(cents)
    make.available(ana, weekday=3, starts=18, ends=21)
    do(plan(THURSDAY, "08:00", 120))
    do(plan(THURSDAY, "15:30", 150))
    look(midnight())
    assert extra("long_day") == []
    do(plan(THURSDAY, "18:30", 120))
    look(midnight())
    assert extra("long_day") == [(f"long_day:{ana.pk}:2026-03-12", THURSDAY, 0, paid)]


def test_the_way_to_a_door_that_nobody_opens_is_paid(ana: Member) -> None:
    do(plan(THURSDAY, "09:00", 135))
    shut = plan(THURSDAY, "12:00", 120)
    for how in ("call", "text", "door"):
        shut.try_contact(how, note="", at=at(THURSDAY, "12:00"), by=ana.user)
    shut.lock_out(at=at(THURSDAY, "12:30"), by=ana.user)
    look(midnight())
    assert [(minutes, cents) for _key, _day, minutes, cents in extra("between")] == [(45, 1669)]


def test_a_visit_that_was_called_off_before_is_no_stop(ana: Member) -> None:
    do(plan(THURSDAY, "09:00", 135))
    off = plan(THURSDAY, "12:00", 120)
    off.cancel_for_client(expected_cents=2500, at=at(THURSDAY, "07:00"), by=off.booking.client.user)
    look(midnight())
    assert extra("between") == []


@contextmanager
def books_that_refuse_long_days() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payouts_supplement ADD CONSTRAINT shut CHECK (kind <> 'long_day')")
        yield
        cursor.execute("ALTER TABLE payouts_supplement DROP CONSTRAINT shut")


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_dies_half_way_has_paid_nothing_and_the_next_pays_all(ana: Member) -> None:
    make.available(ana, weekday=3, starts=18, ends=21)
    do(plan(THURSDAY, "08:00", 120))
    do(plan(THURSDAY, "18:30", 120))
    with books_that_refuse_long_days(), pytest.raises(DatabaseError):
        look(midnight())
    assert not Supplement.objects.exists()
    assert Entry.objects.filter(kind="between").count() == 0
    look(midnight())
    assert [row.kind for row in Supplement.objects.order_by("pk")] == ["between", "long_day"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_moment_pay_once(ana: Member) -> None:
    for _try in range(4):
        day = THURSDAY + _try * DAY
        two_visits(day)
        results = at_once(*[lambda day=day: look(midnight(day))] * 6)
        assert results == [None] * 6
        assert len(extra("between")) == _try + 1


def test_the_sweep_finds_what_is_due_and_beats(ana: Member) -> None:
    two_visits()
    with time_machine.travel(midnight(), tick=False):
        sweep_weeks()
    assert len(extra("between")) == 1
    assert Heartbeat.objects.get(sweep="payouts.sweep_weeks").trouble == ""


def test_a_statement_counts_the_time_between_visits(ana: Member, tess: Member) -> None:
    two_visits()
    look(midnight())
    assert [(row.kind, row.minutes, row.cents) for row in unpaid_work(ana)] == [
        ("between", 45, 1669),
        ("visit", 120, 4450),
        ("visit", 135, 5007),
    ]
    run = PayRun.draft(ends_on=date(2026, 3, 15), at=midnight() + 3 * DAY, by=tess.user)
    payout = run.payouts.get()
    assert (payout.minutes, payout.visit_cents, payout.per_hour) == (300, 11126, 2225)
    lines = Line.objects.order_by("pk").values_list("kind", "minutes", "cents")
    assert list(lines) == [("visit", 135, 5007), ("visit", 120, 4450), ("between", 45, 1669)]
    assert pay_parts(payout) == [("Visits", 9457), ("time between visits", 1669)]


def test_the_open_books_say_what_it_costs(ana: Member) -> None:
    two_visits()
    look(midnight())
    (month,) = months(since=date(2026, 1, 1))
    assert (month.between, month.long_hours, month.topped_up) == (1669, 0, 0)


def test_time_between_visits_is_paid_at_the_law_of_its_day_and_place_where_that_is_more(ana: Member) -> None:
    make.least_wage(2300, state="NY", locality="Kings County", since=THURSDAY + DAY)
    make.least_wage(2900, state="NY", locality="Queens County", since=THURSDAY)
    for day in (THURSDAY, THURSDAY + DAY):
        two_visits(day)
        look(midnight(day))
    assert [(day, minutes, cents) for _key, day, minutes, cents in extra("between")] == [
        (THURSDAY, 45, 1669),
        (THURSDAY + DAY, 45, 1725),
    ]


def sees(member: Member, name: str, *args: int, at: datetime) -> str:
    """What stands on a page for somebody at a moment, without its marks."""
    browser = Client()
    browser.force_login(member.user)
    with time_machine.travel(at, tick=False):
        answer = browser.get(reverse(name, args=args))
    assert answer.status_code == 200
    return " ".join(strip_tags(answer.content.decode()).split())


def test_a_member_sees_the_week_so_far_and_what_came_on_top(ana: Member) -> None:
    assert "This week so far" not in sees(ana, "earnings", at=midnight() - MINUTE)
    two_visits()
    page = sees(ana, "earnings", at=midnight() - MINUTE)
    assert "Hours 5 of 40 h At homes 4.25 hours Between visits, paid 0.75 hours" in page
    assert "Over a full week" not in page
    look(midnight())
    assert "Time between visits 0.75 hours $16.69" in sees(ana, "earnings", at=midnight())


def test_the_statement_the_pay_run_and_the_books_say_it_apart(ana: Member, tess: Member) -> None:
    two_visits()
    look(midnight())
    run = PayRun.draft(ends_on=date(2026, 3, 15), at=midnight() + 3 * DAY, by=tess.user)
    run.approve(at=midnight() + 4 * DAY, by=make.member("Bea Board", hours=None, roles=["board"]).user)
    later = midnight() + 5 * DAY
    page = sees(ana, "statement", run.pk, at=later)
    assert "Visits $94.57 Time between visits $16.69" in page
    assert "Time worked 5 hours An hour, without tips $22.25" in page
    assert "time between visits 0.75 hours $16.69" in page
    assert "Of that, beyond visits$16.69" in sees(ana, "pay_run", run.pk, at=later)
    assert "Time between visits, from running the co-op $16.69" in sees(ana, "books", at=later)


def test_hours_over_a_full_week_are_said_in_hours(ana: Member) -> None:
    row = Supplement(kind="full_week", minutes=300, day=SUNDAY)
    with translation.override("es"):
        assert row.said == "5 horas extra"
    assert row.said == "5 hours over a full week"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_visit_completed_while_the_sweep_looks_is_not_forgotten(ana: Member) -> None:
    for _try in range(3):
        day = THURSDAY + _try * DAY
        do(plan(day, "09:00", 135))
        late = plan(day, "12:00", 120)
        results = at_once(lambda late=late, day=day: do(late, at=midnight(day)), lambda day=day: look(midnight(day)))  # type: ignore[misc]
        assert not any(isinstance(result, Exception) for result in results), results
        look(midnight(day))
        assert [minutes for _key, _day, minutes, _cents in extra("between")] == [45] * (_try + 1)
