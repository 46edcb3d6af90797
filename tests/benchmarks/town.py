"""A made-up town for the benchmark of the turn: 60 workers and the visits of sixteen weeks, drawn from one seed.

Workers ask for 12 to 40 hours a week and can work one and a half to two and a half times as long, in spans that differ
by weekday; one in four does care (with a certificate), one in four stays in Brooklyn, a few avoid animals, one in four
is away for a week. Of a hundred households 24 come weekly, 26 every two and 10 every four weeks, at the same local
time; 20 come now and then, and half of those ask for the person of the time before; 20 come once. Seven of ten begin
within the first four weeks, the others later. All together want `LOAD` of the hours that the workers want.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from members.models import Availability, Leave, Member, User
from tests import make

NEW_YORK = ZoneInfo("America/New_York")
RAMP, WEEKS, WORKERS, LOAD = 4, 12, 60, 0.9
FIRST = date(2026, 4, 6)
"""The Monday on which all begins; the weeks that are measured come after those of the ramp."""
MEASURED = FIRST + timedelta(weeks=RAMP)
LAST = MEASURED + timedelta(weeks=WEEKS)
LONG_AGO = date(2025, 1, 6)
SERIES_AHEAD = timedelta(days=56)
AREAS = ("11215", "11215", "11217", "11201", "11231", "11238", "11225", "11205", "11385", "10003", "10009")
WISHES = (12, 16, 20, 20, 24, 24, 28, 32, 36, 40)
SPANS = ((8, 18), (8, 13), (12, 18), (9, 15), (7, 16), (13, 19))
WEEKLY, FORTNIGHTLY, FOUR_WEEKLY, NOW_AND_THEN, ONCE = 7, 14, 28, 21, 0
ROOM = 0.6
"""Of those whose hours hold a time, so many may be wanted at it at once: the others are on the way or elsewhere."""
KINDS = {WEEKLY: 24, FORTNIGHTLY: 26, FOUR_WEEKLY: 10, NOW_AND_THEN: 20, ONCE: 20}


@dataclass(frozen=True)
class Household:
    """Who books: where, what, in which language, with which animals, how often; does it wish for the same person?"""

    number: int
    zip: str
    skill: str
    language: str
    pets: tuple[str, ...]
    minutes: int
    every: int
    wishes: bool

    @property
    def series(self) -> bool:
        return self.every in (WEEKLY, FORTNIGHTLY, FOUR_WEEKLY)


@dataclass(frozen=True)
class Wanted:
    """One visit that a household wants, and when somebody is looked for."""

    number: int
    household: Household
    decided_at: datetime
    starts_at: datetime

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.household.minutes)

    @property
    def free_at(self) -> datetime:
        """Its end and the least way to the next home."""
        return self.ends_at + timedelta(minutes=15)

    @property
    def day(self) -> date:
        return self.starts_at.astimezone(NEW_YORK).date()

    @property
    def measured(self) -> bool:
        return self.day >= MEASURED


def workers(dice: Random) -> list[Member]:
    """Sixty people with wishes, hours, skills and areas of their own."""
    return [_worker(dice, number) for number in range(WORKERS)]


def _worker(dice: Random, number: int) -> Member:
    wish, care = dice.choice(WISHES), dice.random() < 0.25
    member = Member.objects.take_in(
        User.objects.create_user(f"worker-{number}@example.org", f"Worker {number}"),
        on=LONG_AGO,
        at=make.SPRING,
        by=None,
        zip=make.zip_code(dice.choice(AREAS)),
        minutes_wanted=wish * 60,
        skills=["cleaning", "care"] if care else ["cleaning"],
        languages=dice.choice([["en"], ["en"], ["es", "en"], ["es", "en"], ["es"]]),
        areas=["112"] if dice.random() < 0.25 else [],
        avoids=[dice.choice(["dog", "cat"])] if dice.random() < 0.12 else [],
        works_on_holidays=dice.random() < 0.4,
    )
    make.stand("member", member, since=LONG_AGO)
    Availability.objects.bulk_create(
        Availability(member=member, weekday=weekday, starts=time(begins), ends=time(ends))
        for weekday, (begins, ends) in _week(dice, wish).items()
    )
    if care:
        make.credential(member, issued_on=LONG_AGO)
    if dice.random() < 0.25:
        away = FIRST + timedelta(days=dice.randrange((LAST - FIRST).days))
        Leave.objects.create(member=member, starts_on=away, ends_on=away + timedelta(days=6))
    return member


def _week(dice: Random, wish: int) -> dict[int, tuple[int, int]]:
    """Spans by weekday that hold the hours wanted one and a half to two and a half times."""
    while True:
        days = dice.sample(range(5), k=dice.randint(2, 5)) + [day for day in (5, 6) if dice.random() < 0.25]
        week = {day: dice.choice(SPANS) for day in days}
        if 1.5 * wish <= sum(ends - begins for begins, ends in week.values()) <= max(2.5 * wish, 30):
            return week


class Room:
    """How many can come at each half hour of the week, and how many are wanted: what the page of openings shows."""

    def __init__(self) -> None:
        self.can: Counter[tuple[str, int, int]] = Counter()
        self.wanted: dict[tuple[str, int, int], float] = defaultdict(float)
        for row in Availability.objects.select_related("member"):
            for skill in row.member.skills:
                self.can.update((skill, row.weekday, half) for half in range(row.starts.hour * 2, row.ends.hour * 2))

    def take(self, dice: Random, household: "Household") -> tuple[int, time]:
        """A weekday and a time at which people are free, near to what the household likes."""
        for _glance in range(200):
            weekday = dice.choices(range(7), weights=[20, 20, 20, 20, 20, 8, 4])[0]
            half = dice.choice([16, 17, 18, 18, 19, 20, 20, 21, 22, 24, 25, 26, 26, 27, 28, 29, 30, 32])
            span = range(half, half - -household.minutes // 30)
            if all(self._has_room(household.skill, weekday, each) for each in span):
                break
        often = 7 / (household.every or (LAST - FIRST).days)
        for each in span:
            self.wanted[household.skill, weekday, each] += often
        return weekday, time(half // 2, half % 2 * 30)

    def _has_room(self, skill: str, weekday: int, half: int) -> bool:
        return self.wanted[skill, weekday, half] + 1 <= ROOM * self.can[skill, weekday, half]


def demand(dice: Random, *, minutes_a_week: float) -> list[Wanted]:
    """What households want, in the order in which somebody is looked for."""
    wanted: list[tuple[datetime, datetime, Household]] = []
    number, weekly, room = 0, 0.0, Room()
    while weekly < minutes_a_week:
        household = _household(dice, number)
        weekly += household.minutes * 7 / (household.every or (LAST - FIRST).days)
        wanted += ((decided, starts, household) for decided, starts in _times(dice, household, room))
        number += 1
    wanted.sort(key=lambda visit: (visit[0], visit[2].number, visit[1]))
    return [Wanted(n, household, decided, starts) for n, (decided, starts, household) in enumerate(wanted)]


def _household(dice: Random, number: int) -> Household:
    care = dice.random() < 0.15
    return Household(
        number=number,
        zip=dice.choice(AREAS),
        skill="care" if care else "cleaning",
        language="es" if dice.random() < 0.12 else "",
        pets=(dice.choice(["dog", "cat"]),) if dice.random() < 0.3 else (),
        minutes=dice.choice([120, 180, 240] if care else [120, 120, 150, 150, 180, 210]),
        every=dice.choices(list(KINDS), weights=list(KINDS.values()))[0],
        wishes=dice.random() < 0.5,
    )


def _times(dice: Random, household: Household, room: Room) -> Iterator[tuple[datetime, datetime]]:
    """When somebody is looked for and when the visit is; whoever comes now and then may choose another time."""
    (weekday, at), whole = room.take(dice, household), (LAST - FIRST).days
    soon = household.every != ONCE and dice.random() < 0.7
    day = _next(weekday, FIRST + timedelta(days=dice.randrange(RAMP * 7 if soon else whole)))
    decided = _booked(dice, day)
    while day < LAST:
        yield decided, datetime.combine(day, at, NEW_YORK).astimezone(UTC)
        if household.series:
            day += timedelta(days=household.every)
            decided = max(decided, datetime.combine(day, time(4), NEW_YORK).astimezone(UTC) - SERIES_AHEAD)
        elif household.every == NOW_AND_THEN:
            if dice.random() < 0.4:
                weekday, at = room.take(dice, household)
            day = _next(weekday, day + timedelta(days=dice.randint(10, 26)))
            decided = _booked(dice, day)
        else:
            return


def _next(weekday: int, day: date) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _booked(dice: Random, day: date) -> datetime:
    """Two to fourteen days ahead, at some time of the day."""
    when = time(dice.randint(8, 20), dice.randrange(60))
    return datetime.combine(day - timedelta(days=dice.randint(2, 14)), when, NEW_YORK).astimezone(UTC)
