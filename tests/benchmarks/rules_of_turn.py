"""How work may be given out: our own turn and what others do, with the same people and the same visits.

A rule gives out one visit at a time, in the order in which somebody is looked for. Who is asked says no once in twelve
times, whatever the rule; then the next is asked, six at most.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from random import Random
from time import perf_counter

from bookings.matching.needs import Need, Slot, Wish
from bookings.matching.openings import travel_minutes
from bookings.matching.rotation import in_turn
from bookings.models import Client, Offer, SendAgain, Shift, Turn, Visit
from coop.models import ZipCode
from members.models import Member
from tests.benchmarks.town import Wanted

MOST_ASKED = 6
A_DAY = timedelta(days=1)


@dataclass
class Town:
    """What all rules share. `able` says who could do each visit if they had no other."""

    members: dict[int, Member]
    zips: dict[str, ZipCode]
    clients: dict[int, Client]
    visit: Visit
    able: dict[int, list[int]]

    def need(self, wanted: Wanted, shift: int | None = None) -> Need:
        home = wanted.household
        wish = Wish(
            zip=self.zips[home.zip],
            skill=home.skill,
            credential="hha" if home.skill == "care" else "",
            client=self.clients[home.number].pk,
            language=home.language,
            pets=home.pets,
        )
        minutes = (wanted.ends_at - wanted.starts_at) // timedelta(minutes=1)
        travel = (wanted.free_at - wanted.ends_at) // timedelta(minutes=1)
        return Need(Slot(wanted.starts_at, minutes, 1, travel), wish, shift)

    def collide(self, one: Wanted, other: Wanted) -> bool:
        """Can nobody do both? As the turn asks: the way between the two homes is kept free."""
        here, there = self.zips[one.household.zip], self.zips[other.household.zip]
        way = timedelta(
            minutes=travel_minutes((here.latitude, here.longitude), (there.latitude, there.longitude), least=15)
        )
        return one.starts_at - way < other.ends_at and other.starts_at < one.ends_at + way


def says_no(wanted: Wanted, member: int, *, once_in: int = 12) -> bool:
    """Would this person say no to this visit? The same under every rule."""
    return Random(f"{wanted.number}:{member}").randrange(once_in) == 0


class Rule:
    """One way to give out work; `order` names those who could do a visit, whom to ask first."""

    name = ""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.days: dict[tuple[int, int], list[Wanted]] = defaultdict(list)

    def give(self, wanted: Wanted) -> int | None:
        """Who takes this visit, or None."""
        for member in islice(self.order(self._free(wanted)), MOST_ASKED):
            if not says_no(wanted, member):
                self.days[member, wanted.day.toordinal()].append(wanted)
                self.took(wanted, member)
                return member
        return None

    def _free(self, wanted: Wanted) -> list[int]:
        day = wanted.day.toordinal()
        return [
            member
            for member in self.town.able[wanted.number]
            if not any(self.town.collide(wanted, other) for other in self.days[member, day])
        ]

    def order(self, free: list[int]) -> Iterable[int]:
        raise NotImplementedError

    def took(self, wanted: Wanted, member: int) -> None:
        """Remember it, where the rule needs it."""


class PriorityList(Rule):
    """The first of a fixed list who can come, as long as somebody has been with us."""

    name = "priority list"

    def order(self, free: list[int]) -> Iterable[int]:
        return sorted(free)


class Pointer(Rule):
    """The next in a fixed list after whoever took the last visit."""

    name = "pointer rotation"
    last = 0

    def order(self, free: list[int]) -> Iterable[int]:
        return sorted(free, key=lambda member: (member <= self.last, member))

    def took(self, wanted: Wanted, member: int) -> None:
        self.last = member


class LeastRecentlyBooked(Rule):
    """Whoever was given a visit longest ago."""

    name = "least recently booked"

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.given: dict[int, int] = {}

    def order(self, free: list[int]) -> Iterable[int]:
        return sorted(free, key=lambda member: (self.given.get(member, -1), member))

    def took(self, wanted: Wanted, member: int) -> None:
        self.given[member] = wanted.number


class Ours(Rule):
    """The turn of this house, asked of `bookings.matching.rotation` with all rows in the database."""

    name = "Evenhand"
    knows_regulars = True

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.regular: dict[int, int] = {}
        self.taken: dict[int, list[tuple[Wanted, int]]] = defaultdict(list)
        self.asked: list[float] = []

    def give(self, wanted: Wanted) -> int | None:
        if self.knows_regulars:
            self._hand_over(wanted)
            self._wish(wanted)
        shift = Shift.objects.create(
            visit=self.town.visit,
            state="open",
            zip=self.town.zips[wanted.household.zip],
            starts_at=wanted.starts_at,
            ends_at=wanted.ends_at,
            span=(wanted.starts_at, wanted.free_at),
        )
        for _asked in range(MOST_ASKED):
            chosen = self._first(wanted, shift)
            if chosen is None:
                return None
            if self._takes(wanted, shift, chosen):
                return chosen
        return None

    def _first(self, wanted: Wanted, shift: Shift) -> int | None:
        need, began = self.town.need(wanted, shift.pk), perf_counter()
        order = in_turn(need, at=wanted.decided_at, regular=self.regular.get(wanted.household.number))
        self.asked.append(perf_counter() - began)
        able = [candidate.member for candidate in order if candidate.against in ("", "busy")]
        self.town.able.setdefault(wanted.number, able)
        first = order[0]
        return None if first.against else first.member

    def _takes(self, wanted: Wanted, shift: Shift, member: int) -> bool:
        """The answer, in rows. A regular person has agreed to the series; they give single visits back now and then."""
        home = wanted.household.number
        regular = self.regular.get(home) == member
        if says_no(wanted, member):
            self._pass(wanted, shift, member, state="accepted" if regular else "passed")
            return False
        Shift.objects.filter(pk=shift.pk).update(
            state="accepted", member=self.town.members[member], assigned_at=wanted.decided_at
        )
        self.taken[home].append((wanted, member))
        if self.knows_regulars and wanted.household.series:
            self.regular.setdefault(home, member)
        return True

    def _pass(self, wanted: Wanted, shift: Shift, member: int, *, state: str) -> None:
        asked = self.town.members[member]
        turn = Turn.objects.create(shift=shift, decided_at=wanted.decided_at, chosen=asked, candidates=[])
        Offer.objects.create(
            shift=shift,
            member=asked,
            turn=turn,
            state=state,
            starts_at=wanted.starts_at,
            made_at=wanted.decided_at,
            answer_by=wanted.decided_at,
            answered_at=wanted.decided_at,
            why="time" if state == "passed" else "",
        )

    def _hand_over(self, wanted: Wanted) -> None:
        """As `Series.hand_over`: who has no visit to come while others have is the regular person no more."""
        home = wanted.household.number
        coming = sorted((v.starts_at, m) for v, m in self.taken[home] if v.starts_at > wanted.decided_at)
        if home in self.regular and coming and self.regular[home] not in {member for _at, member in coming}:
            self.regular[home] = coming[0][1]

    def _wish(self, wanted: Wanted) -> None:
        """Some households without a series ask for whoever came the last time."""
        home = wanted.household
        came = [(v.starts_at, m) for v, m in self.taken[home.number] if v.ends_at < wanted.decided_at]
        if home.wishes and not home.series and came:
            _at, member = max(came)
            SendAgain.objects.get_or_create(
                client=self.town.clients[home.number],
                member=self.town.members[member],
                withdrawn_at=None,
                defaults={"placed_at": wanted.decided_at},
            )


class OursWithoutRegulars(Ours):
    """The same, blind to who knows a home."""

    name = "Evenhand without the regular rule"
    knows_regulars = False
