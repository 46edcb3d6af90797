"""How evenly the turn shares the work, and how often the same person comes again, beside other rules. Run by
`make bench`; `SEED=2 make bench` draws another town.

Sixty workers and their visits of sixteen weeks (`town.py`); the first four are for beginning, twelve are measured. All
rules get the same visits in the same order in which they are booked (2 to 14 days ahead; later visits of a series 56
days ahead, as the house does it), the same answers (one in twelve says no) and the same people who could do each visit
if they had no other: skill, certificate, language, animals, area, hours and leave as `matching.rotation` sees them.
What nobody could ever do is not sold and not counted. Ours asks `rotation.in_turn` with all shifts, offers and wishes
as rows in PostgreSQL; who first takes a visit of a series is its regular person, as in `Series`. The other rules keep
the way between homes free by the same formula, and none of them knows a regular person. CP-SAT is no rule that could be
used, but shows what can be had: it sees a whole day beforehand, and it knows who would say no.

Jain's index is (sum of shares)² / (number x sum of squares) of hours received / hours wanted over the twelve weeks; 1
is even. *Same again*: of the repeat visits to a household, how many were done by the person of the visit before.
*Unfilled*: visits that somebody could have done, had they been free. Least and most: the smallest and the largest
share of wanted hours.
"""

import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from random import Random
from statistics import mean, median
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bookings.matching.rotation import in_turn
from bookings.models import Client, Visit
from members.models import User
from tests import make
from tests.benchmarks import peer, town
from tests.benchmarks.rules_of_turn import (
    LeastRecentlyBooked,
    Ours,
    OursWithoutRegulars,
    Pointer,
    PriorityList,
    Rule,
    Town,
    says_no,
)
from tests.benchmarks.town import Wanted

SEED = int(os.environ.get("SEED", "1"))
SECONDS_A_DAY = float(os.environ.get("BENCH_CP_SAT_SECONDS", "0.3"))
HEAD = f"{'':36}{'Jain':>7}{'same again':>12}{'unfilled':>10}{'least':>7}{'most':>7}{'queries':>9}{'ms':>7}"
Given = dict[int, int | None]


@dataclass(frozen=True)
class Outcome:
    """How the work of the twelve weeks was shared."""

    jain: float
    same: float
    unfilled: float
    least: float
    most: float

    @classmethod
    def of(cls, given: Given, wanted: list[Wanted], place: Town) -> "Outcome":
        sold = [visit for visit in wanted if place.able[visit.number]]
        measured = [visit for visit in sold if visit.measured]
        shares = list(_shares(given, measured, place))
        again = list(_again(given, sold))
        return cls(
            jain=sum(shares) ** 2 / (len(shares) * sum(share**2 for share in shares)),
            same=mean(again),
            unfilled=mean(given.get(visit.number) is None for visit in measured),
            least=min(shares),
            most=max(shares),
        )

    def line(self, name: str, cost: str = "") -> str:
        return (
            f"{name:36}{self.jain:>7.3f}{self.same:>12.1%}{self.unfilled:>10.1%}{self.least:>7.2f}{self.most:>7.2f}"
            f"{cost}"
        )


def _shares(given: Given, measured: list[Wanted], place: Town) -> Iterator[float]:
    """Hours received of hours wanted, for everybody."""
    received: dict[int | None, int] = defaultdict(int)
    for visit in measured:
        received[given.get(visit.number)] += visit.household.minutes
    for number, member in place.members.items():
        yield received[number] / (member.minutes_wanted * town.WEEKS)


def _again(given: Given, sold: list[Wanted]) -> Iterator[bool]:
    """For each measured visit to a household that was visited before: did the same person come?"""
    came: dict[int, int] = {}
    for visit in sorted(sold, key=lambda visit: visit.starts_at):
        home, who = visit.household.number, given.get(visit.number)
        if who and home in came and visit.measured:
            yield came[home] == who
        if who:
            came[home] = who


@pytest.mark.django_db
def test_the_turn_beside_other_rules(capsys: pytest.CaptureFixture[str]) -> None:
    place, wanted = _town(Random(SEED))
    outcome, line = _ours(Ours(place), wanted)
    table = [
        _about(place, wanted),
        HEAD,
        line,
        _ours(OursWithoutRegulars(place), wanted)[1],
        *(_peer(rule(place), wanted) for rule in (LeastRecentlyBooked, Pointer, PriorityList)),
        _bound(place, wanted),
    ]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(table) + "\n")
    assert outcome.jain >= 0.97
    assert outcome.same >= 0.45


def _town(dice: Random) -> tuple[Town, list[Wanted]]:
    """The people and what is wanted; one visit to which all rows of shifts belong."""
    with connection.cursor() as cursor:  # others work while this connection waits
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
    members = town.workers(dice)
    wanted = town.demand(dice, minutes_a_week=town.LOAD * sum(member.minutes_wanted for member in members))
    homes = sorted({visit.household.number for visit in wanted})
    users = User.objects.bulk_create(User(email=f"home-{number}@example.org") for number in homes)
    clients = Client.objects.bulk_create(Client(user=user, since=make.SPRING) for user in users)
    zips = {code: make.zip_code(code) for code in town.AREAS}
    by_number = {member.pk: member for member in members}
    return Town(by_number, zips, dict(zip(homes, clients, strict=True)), _visit(), {}), wanted


def _visit() -> Visit:
    service, helper = make.service(minutes=120), make.member()
    quote = make.quote(at=make.SPRING, service=service)
    visit = make.booking(starts_at=make.SPRING + timedelta(days=1), at=make.SPRING, quote=quote).first_visit()
    visit.shifts.get().cancel(at=make.SPRING, by=None)
    helper.leave_coop(at=make.SPRING, by=None)
    return visit


def _all(rule: Rule, wanted: list[Wanted]) -> Given:
    """Who does which visit by a rule."""
    given: Given = {}
    for number, visit in enumerate(wanted):
        if number % 500 == 0:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # as the database's own housekeeping does
        given[visit.number] = rule.give(visit)
    return given


def _ours(rule: Ours, wanted: list[Wanted]) -> tuple[Outcome, str]:
    """What came of our turn and what a choice cost; its rows are gone afterwards, for whoever comes next."""
    with transaction.atomic():
        given = _all(rule, wanted)
        last = wanted[-1]
        with CaptureQueriesContext(connection) as queries:
            in_turn(rule.town.need(last), at=last.decided_at)
        transaction.set_rollback(True)
    outcome = Outcome.of(given, wanted, rule.town)
    return outcome, outcome.line(rule.name, f"{len(queries):>9}{median(rule.asked) * 1000:>7.1f}")


def _peer(rule: Rule, wanted: list[Wanted]) -> str:
    sold = [visit for visit in wanted if rule.town.able[visit.number]]
    return Outcome.of(_all(rule, sold), wanted, rule.town).line(rule.name)


def _bound(place: Town, wanted: list[Wanted]) -> str:
    """What can be had by whoever knows a whole day beforehand, and who would say no."""
    days: list[list[Wanted]] = [[] for _day in range((town.LAST - town.FIRST).days)]
    for visit in sorted(wanted, key=lambda visit: visit.starts_at):
        days[(visit.day - town.FIRST).days].append(visit)
    asked = {
        "wants": {number: member.minutes_wanted for number, member in place.members.items()},
        "days": [_day(place, visits) for visits in days],
        "ramp": town.RAMP * 7,
        "seconds": SECONDS_A_DAY,
    }
    name = "CP-SAT, a day known beforehand"
    try:
        given: Given = dict(peer.planned(asked))
    except peer.NotRun as trouble:
        return f"{name:36}  NOT RUN: {trouble.why}"
    return Outcome.of(given, wanted, place).line(name)


def _day(place: Town, visits: list[Wanted]) -> dict[str, Any]:
    told = [
        {
            "number": visit.number,
            "household": visit.household.number,
            "minutes": visit.household.minutes,
            "able": [member for member in place.able[visit.number] if not says_no(visit, member)],
        }
        for visit in visits
    ]
    return {"visits": told, "apart": list(_apart(place, visits))}


def _apart(place: Town, day: list[Wanted]) -> Iterator[list[int]]:
    """Visits of a day of which nobody can do two: those under way at once, and those too far from each other."""
    for visit in day:
        yield [each.number for each in day if each.starts_at <= visit.starts_at < each.free_at]
    for one, other in combinations(day, 2):
        if other.starts_at >= one.free_at and place.collide(one, other):
            yield [one.number, other.number]


def _about(place: Town, wanted: list[Wanted]) -> str:
    measured = [visit for visit in wanted if visit.measured and place.able[visit.number]]
    load = sum(visit.household.minutes for visit in measured) / town.WEEKS
    load /= sum(member.minutes_wanted for member in place.members.values())
    able = mean(len(place.able[visit.number]) for visit in measured)
    return (
        f"seed {SEED}: {len(place.members)} workers, {len(place.clients)} households, {len(measured)} visits in "
        f"{town.WEEKS} weeks, {load:.0%} of the hours wanted; {able:.0f} could do each if they had no other"
    )
