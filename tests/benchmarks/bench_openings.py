"""How long it takes to find the openings and the turn, by the size of the co-op. Run by `make bench`.

Members work Monday to Friday from 8 to 18 and have two visits of two hours on each of those days; openings are looked
for over 14 days in quarters of an hour, with the way between homes. The turn is asked for two hours at which about a
quarter of the members are free, and also with 300,000 past shifts.
"""

import sys
import time as clock
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bookings.matching import rotation
from bookings.matching.needs import Need, Slot, Wish
from bookings.models import Quote, Shift, Visit
from members.models import Availability, Member, User
from tests import make

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 6, 1, 9, tzinfo=NEW_YORK)
FIRST = date(2026, 6, 3)
ZIPS = ("11215", "11201", "10027", "10003", "11385")


def members(number: int) -> list[Member]:
    """So many members, each with a working week."""
    areas = [make.zip_code(code) for code in ZIPS]
    users = User.objects.bulk_create(
        User(email=f"m{number}-{n}@example.org", name=f"Member {n}") for n in range(number)
    )
    made = Member.objects.bulk_create(
        Member(
            user=user,
            zip=areas[n % len(areas)],
            skills=["cleaning"],
            started_on=date(2025, 1, 1),
        )
        for n, user in enumerate(users)
    )
    make.stand("member", *made, since=date(2025, 1, 1))
    Availability.objects.bulk_create(
        Availability(member=member, weekday=day, starts=time(8), ends=time(18)) for member in made for day in range(5)
    )
    return made


def shifts(made: list[Member], days: list[date], quote: Quote) -> None:
    """Two visits of two hours a day for each member, at times and places that differ from one to the next."""
    rows = []
    booking = quote.booking
    for n, member in enumerate(made):
        for day in days:
            for hour in (8 + n % 3, 13 + n % 4):
                begins = datetime.combine(day, time(hour), NEW_YORK)
                ends = begins + timedelta(hours=2)
                rows.append(
                    Shift(
                        quote=quote,
                        visit=Visit(booking=booking, starts_at=begins, ends_at=ends, minutes=120, cents=0),
                        member=member,
                        state="accepted",
                        zip_id=ZIPS[(n + hour) % len(ZIPS)],
                        starts_at=begins,
                        ends_at=ends,
                        span=(begins, ends + timedelta(minutes=15)),
                        assigned_at=NOW,
                    )
                )
    Visit.objects.bulk_create([row.visit for row in rows if row.visit], batch_size=5000)
    Shift.objects.bulk_create(rows, batch_size=5000)


def past_shifts() -> None:
    """The same fortnight again and again, done: 300,000 of them with a thousand members."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            """INSERT INTO bookings_shift
                 (visit_id, quote_id, member_id, state, zip_id, starts_at, ends_at, span, assigned_at, given_back_by)
               SELECT visit_id, quote_id, member_id, 'done', zip_id, starts_at - ago, ends_at - ago,
                      tstzrange(lower(span) - ago, upper(span) - ago), assigned_at - ago, '{}'
               FROM bookings_shift, LATERAL (SELECT n * interval '14 days' AS ago FROM generate_series(1, 15) n) past
               WHERE state = 'accepted'"""
        )


def working_days(first: date, number: int) -> list[date]:
    """The next so many days from Monday to Friday."""
    days = (first + timedelta(days=n) for n in range(number * 2))
    return [day for day in days if day.weekday() < 5][:number]


def measured(step: Callable[[], object], rounds: int = 7) -> tuple[int, float, float]:
    """Queries of one call, and the median of its milliseconds by the wall and on our processor."""
    with CaptureQueriesContext(connection) as queries:
        step()
    wall, cpu = [], []
    for _round in range(rounds):
        begun, worked = clock.perf_counter(), clock.process_time()
        step()
        wall.append(clock.perf_counter() - begun)
        cpu.append(clock.process_time() - worked)
    return len(queries), median(wall) * 1000, median(cpu) * 1000


def lines(name: str, wish: Quote, shift: Shift) -> list[str]:
    """One line for the openings, one for the turn."""
    with connection.cursor() as cursor:
        for step in ("CHECKPOINT", "ANALYZE", "VACUUM bookings_shift"):  # as the database's own housekeeping does
            cursor.execute(step)
    need = _need(wish, shift)
    turn = measured(lambda: rotation.in_turn(need, at=NOW))
    assert turn[0] <= 2
    return [
        _line(f"openings, {name}", *measured(lambda: wish.openings(first=FIRST, days=14, at=NOW))),
        _line(f"turn, {name}", *turn),
    ]


def _line(name: str, queries: int, wall: float, cpu: float) -> str:
    return f"{name:48} {queries:7} {wall:9.1f} {cpu:9.1f}"


@pytest.mark.django_db(transaction=True)
def test_openings_and_turns_by_the_size_of_the_coop(capsys: pytest.CaptureFixture[str]) -> None:
    service = make.service(minutes=120)
    make.member("Ana Reyes")
    seed = make.quote(at=NOW, service=service)
    shift = make.accepted(starts_at=datetime(2026, 6, 3, 9, tzinfo=NEW_YORK), at=NOW, quote=seed)
    wish = Quote.objects.select_related("service", "zip").get(pk=make.quote(at=NOW, service=service).pk)
    table, made = [f"{'':48} queries   wall ms    cpu ms"], members(0)
    for number in (10, 100, 1000):
        added = members(number - len(made))
        shifts(added, working_days(FIRST, 10), seed)
        made += added
        table += lines(f"{number} members", wish, shift)
    past_shifts()
    past = Shift.objects.filter(state="done").count()
    table += lines(f"1000 members, {past:,} past shifts", wish, shift)
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(table) + "\n")


def _need(quote: Quote, shift: Shift) -> Need:
    begins = datetime(2026, 6, 4, 11, tzinfo=NEW_YORK)
    wish = Wish(quote.zip, "cleaning", credential="", client=None)
    return Need(Slot(begins, minutes=120, crew=1, travel=15), wish, shift.pk)
