"""Who reads everything that a worker can open, and knows her own calendar, guesses no better than by chance which home
asked not to be sent her.

Many small worlds are lived, in each of which another home asked so, and evidence lies about: her turn was passed over
for that home while she was free. She knows which homes came to her; of the others she guesses one, by several ways to
read the pages. How often that is right by chance is reckoned exactly.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

import pytest
import time_machine
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format

from bookings.models import Client, DoNotSend, Offer, Override, Shift, Turn
from members.models import Member
from tests import make
from tests.bookings import desk
from tests.bookings.clock import NOW, local
from tests.house import undone
from tests.proofs import proof
from tests.test_matrix import declared

pytestmark = pytest.mark.django_db
WORLDS, SEED = 8, 20260309
AREAS = ("11215", "11217", "11231", "11201", "11238", "11205")
SLOTS = (local(12, 9), local(12, 14))
TOO_OFTEN = Fraction(1, 1000)
"""What happens by chance less often than this is no chance."""


@dataclass
class World:
    """The home that asked not to be sent her, those that did not come to her, and all that she can read."""

    blocked: str
    others: list[str]
    pages: dict[str, str]
    asked: dict[str, str]
    """When she was asked for what she has, by its hour: until then she was free then."""
    records: list[tuple[str, str]]
    """Where she was passed over and why, as written down; nobody reads it but the office."""


Guess = Callable[[World, str], float]


def by_records(world: World, area: str) -> float:
    """Who could read the records would know."""
    return sum(home == area and against == "not_matched" for home, against in world.records)


def most_named(world: World, area: str) -> float:
    return sum(page.count(area) for page in world.pages.values())


def least_named(world: World, area: str) -> float:
    return -most_named(world, area)


def passed_over(world: World, area: str) -> float:
    """Pages about that home that say at which hour it is, and a time of deciding at which she was free then."""
    return sum(
        area in page and hour in page and any(time < asked for time in re.findall(r"10:0\d AM", page))
        for page in world.pages.values()
        for hour, asked in world.asked.items()
    )


def could_not_come(world: World, area: str) -> float:
    line = re.compile(r"<span>You<small>could not come then")
    return sum(area in page and bool(line.search(page)) for page in world.pages.values())


@pytest.fixture
def mia() -> Member:
    """She asked for the most hours and has had the least, so that it is her turn wherever she can come."""
    for day, name in enumerate(("Ana Reyes", "Bo Lindgren", "Cara Okafor"), start=13):
        make.member(name, minutes_wanted=600)
        make.accepted(starts_at=local(day, 9), at=NOW - timedelta(days=1), zip="11209")
    return make.member("Mia Away", minutes_wanted=4800)


def lived(mia: Member, sol: Member, homes: dict[str, Client], chance: Random, silent: set[str]) -> World:
    """Six homes book for two times of a day; the first of them is the one that asked not to be sent Mia."""
    areas = chance.sample(AREAS, len(AREAS))
    blocked = areas[0]
    DoNotSend.place(client=homes[blocked], member=mia, placer="client", reason="other", at=NOW, by=homes[blocked].user)
    for number, area in enumerate(areas):
        at = NOW + number * timedelta(minutes=1)
        with time_machine.travel(at, tick=False):
            booked = make.confirmed(starts_at=SLOTS[number % 2], at=at, client=homes[area], zip=area)
            offer = Offer.objects.waiting().get(shift__visit__booking=booked)
            if area == blocked:
                to = Member.objects.exclude(pk__in=[mia.pk, sol.pk, offer.member_id]).latest("pk")
                Override.give(offer.shift, to=to, reason="The lift.", at=at, by=sol.user)
                offer = Offer.objects.waiting().get(shift__visit__booking=booked)
            offer.accept(at=at, by=offer.member.user)
    hers = list(Shift.objects.of(mia))
    asked = {_clock(shift.starts_at): _clock(shift.offers.get(member=mia).made_at) for shift in hers}
    with time_machine.travel(local(17, 10), tick=False):
        pages = dict(read_all(mia, silent))
    others = sorted(set(AREAS) - {shift.zip_id for shift in hers})
    return World(blocked, others, pages, asked, list(passed_over_in_records(mia)))


def _clock(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "g:i A")


def passed_over_in_records(mia: Member) -> Iterator[tuple[str, str]]:
    for turn in Turn.objects.select_related("shift"):
        yield from (
            (turn.shift.zip_id, candidate["against"]) for candidate in turn.candidates if candidate["member"] == mia.pk
        )


def addresses(silent: set[str]) -> Iterator[str]:
    """All pages for those who are signed in, without a number in their address, and all about a shift or a visit.

    But no page again that was `silent`: in an earlier world it named no home, so that no guess can rest on it.
    """
    for (name, way), cell in declared().items():
        if way == "get" and cell.startswith("login nobody"):
            with suppress(NoReverseMatch):
                if (address := reverse(name)) not in silent:
                    yield address
    for pk, visit in Shift.objects.values_list("pk", "visit"):
        yield reverse("turn", args=[pk])
        yield reverse("visit", args=[visit])


def read_all(mia: Member, silent: set[str]) -> Iterator[tuple[str, str]]:
    """Every page that opens for her."""
    browser = desk.signed_in(mia)
    for address in addresses(silent):
        answer = browser.get(address)
        page = "" if answer.streaming or answer.status_code != 200 else answer.content.decode(errors="replace")
        if any(area in page for area in AREAS):
            yield address, page
        else:
            silent.add(address)


def hits(worlds: Iterable[World], guess: Guess, chance: Random) -> int:
    """How often the likeliest of the homes that did not come to her is the right one; equals are drawn."""
    found = 0
    for world in worlds:
        drawn = sorted(world.others, key=lambda area: (guess(world, area), chance.random()))
        found += drawn[-1] == world.blocked
    return found


def at_least(hits: int, worlds: Iterable[World]) -> Fraction:
    """How likely so many hits or more are by chance alone."""
    likely = [Fraction(1)]
    for world in worlds:
        one = Fraction(1, len(world.others))
        likely = [
            (likely[n] if n < len(likely) else 0) * (1 - one) + (likely[n - 1] * one if n else 0)
            for n in range(len(likely) + 1)
        ]
    return sum(likely[hits:], Fraction(0))


@pytest.fixture
def worlds(mia: Member, sol: Member) -> list[World]:
    for area in AREAS:
        make.zip_code(area)
    homes = {area: make.client(f"Household {area}") for area in AREAS}
    chance, found, silent = Random(SEED), [], set[str]()
    for _number in range(WORLDS):
        with undone():
            found.append(lived(mia, sol, homes, chance, silent))
    return found


@proof
def test_the_pages_that_a_worker_can_open_do_not_tell_which_home_asked_not_to_be_sent_her(worlds: list[World]) -> None:
    assert all(world.blocked in world.others and len(world.others) >= 4 for world in worlds)
    assert hits(worlds, by_records, Random(SEED)) == WORLDS, "what is written down would tell"
    assert at_least(WORLDS, worlds) < TOO_OFTEN, "so many worlds show whoever always guesses right"
    for guess in (most_named, least_named, passed_over, could_not_come):
        found = hits(worlds, guess, Random(SEED))
        assert at_least(found, worlds) > TOO_OFTEN, f"{guess.__name__}: {found} of {WORLDS}"


def test_chance_is_reckoned_exactly() -> None:
    coins = [World("a", ["a", "b"], {}, {}, [])] * 3
    assert [at_least(hits, coins) for hits in range(5)] == [1, Fraction(7, 8), Fraction(1, 2), Fraction(1, 8), 0]
