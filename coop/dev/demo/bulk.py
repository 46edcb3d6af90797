"""The months before the last weeks, written half a month at a time under the same constraints and triggers.

Nobody makes up a figure here: who came had the smallest share of the hours they asked for; the price is that of the
catalogue on its day, shared by the rules of that day; what Stripe kept is what the stand-in says it kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction

from bookings.catalog.pricing import Price
from bookings.matching.needs import Slot
from bookings.models import Booking, Client, Home, Offer, Quote, Shift, Turn, Visit
from bookings.policies import TRAVEL_MINUTES
from bookings.visits.quotes import days_of_prices
from coop.dev.demo.books import Books
from coop.dev.demo.days import some_days, wish
from coop.dev.demo.founding import NEW_YORK, Household
from coop.dev.demo.money import Purse
from coop.models import Event
from coop.states import Stateful
from members.models import Availability, Leave, Member, User
from payouts.models import Charge, WorkWeek

NEVER = datetime(9000, 1, 1, tzinfo=NEW_YORK)
BETWEEN_HOMES = timedelta(minutes=60)
LATELY = timedelta(days=28)
TIPPED = 0.18
TIPS = (500, 1000, 1000, 1500, 2000)


@dataclass
class Done:
    """One finished visit: asked for at a moment, from when, for what price, by whom."""

    household: Household
    home: Home
    booked_at: datetime
    starts_at: datetime
    price: Price
    members: list[Member]
    tip: int
    booking: Booking = field(init=False)
    visit: Visit = field(init=False)

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.price.each)

    @property
    def day(self) -> date:
        return self.starts_at.astimezone(NEW_YORK).date()

    @property
    def user(self) -> User:
        return self.household.client.user


class Rota:
    """Who could come when, and what share of the hours they asked for they had in the last four weeks."""

    def __init__(self, members: Iterable[Member]) -> None:
        self.members = list(members)
        self._leaves: dict[int, list[Leave]] = defaultdict(list)
        self._hours = {(one.member_id, one.weekday): (one.starts, one.ends) for one in Availability.objects.all()}
        for leave in Leave.objects.all():
            self._leaves[leave.member_id].append(leave)
        self._work: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)

    def send(self, skill: str, starts_at: datetime, minutes: int, crew: int) -> list[Member]:
        """The `crew` whose turn it is, now busy then; nobody where too few can come."""
        ends_at = starts_at + timedelta(minutes=minutes)
        able = [one for one in self.members if skill in one.skills and self._is_free(one, starts_at, ends_at)]
        chosen = sorted(able, key=lambda one: (self._share(one, starts_at), one.pk))[:crew]
        if len(chosen) < crew:
            return []
        for one in chosen:
            self._work[one.pk].append((starts_at, ends_at))
        return chosen

    def _is_free(self, member: Member, starts_at: datetime, ends_at: datetime) -> bool:
        begins, ends = starts_at.astimezone(NEW_YORK), ends_at.astimezone(NEW_YORK)
        day = begins.date()
        first, last = self._hours.get((member.pk, day.weekday()), (time.max, time.min))
        return (
            member.started_on <= day
            and first <= begins.time()
            and ends.time() <= last
            and not any(leave.starts_on <= day <= leave.ends_on for leave in self._leaves[member.pk])
            and all(
                ends_at + BETWEEN_HOMES <= other or until + BETWEEN_HOMES <= starts_at
                for other, until in self._work[member.pk]
            )
        )

    def _share(self, member: Member, at: datetime) -> float:
        had = sum((until - since for since, until in self._work[member.pk] if since > at - LATELY), timedelta())
        return had / timedelta(minutes=member.minutes_wanted)


@dataclass
class History:
    """What households wanted before life goes on by verbs, in the order of time."""

    dice: Random
    purse: Purse
    rota: Rota
    wanted: list[tuple[datetime, datetime, Household]] = field(default_factory=list)
    _prices: dict[tuple[int, date], Price] = field(default_factory=dict)
    _changes: dict[date, list[date]] = field(default_factory=dict)
    _homes: dict[int, Home] = field(default_factory=dict)
    _new: list[tuple[Client, datetime]] = field(default_factory=list)

    def expect(self, households: Iterable[Household], *, until: datetime) -> None:
        """Note when each wants somebody before `until`; from then on they book by themselves."""
        for one in households:
            while (starts_at := wish(self.dice, one.next_at + some_days(self.dice))) < until:
                self.wanted.append((starts_at, one.next_at, one))
                one.next_at = one.next_at + timedelta(days=one.every_days) if one.every_days else NEVER
        self.wanted.sort(key=lambda visit: visit[:2], reverse=True)

    def write(self, *, until: datetime) -> None:
        """Write what took place before `until` and is not written yet."""
        self._changes.clear()
        done = list(self._done(until))
        self.purse.keep_cards(self._new)
        self._new = []
        with transaction.atomic():
            self._book(done)
            _come(done)
            self._pay(done)
            _look_at_weeks(done)

    def _done(self, until: datetime) -> Iterator[Done]:
        while self.wanted and self.wanted[-1][0] < until:
            starts_at, booked_at, household = self.wanted.pop()
            price = self._price(household, starts_at)
            if members := self.rota.send(household.service.skill, starts_at, price.each, price.crew):
                tip = self.dice.choice(TIPS) if self.dice.random() < TIPPED else 0
                yield Done(household, self._home(household, booked_at), booked_at, starts_at, price, members, tip)

    def _price(self, household: Household, starts_at: datetime) -> Price:
        day = starts_at.astimezone(NEW_YORK).date()
        first = day.replace(day=1)
        if first not in self._changes:
            self._changes[first] = days_of_prices(first, first + timedelta(days=31))
        since = max(change for change in self._changes[first] if change <= day)
        key = household.client.pk, since
        if key not in self._prices:
            self._prices[key] = household.price(since)
        return self._prices[key]

    def _home(self, household: Household, at: datetime) -> Home:
        """The home of a household, which is new to us or known."""
        if household.client.pk not in self._homes:
            self._homes[household.client.pk] = household.move_in(self.dice, at=at)
            self._new.append((household.client, at))
        household.visits += 1
        return self._homes[household.client.pk]

    def _book(self, done: list[Done]) -> None:
        quotes = Quote.objects.bulk_create(
            one.household.quote(one.price, one.starts_at, at=one.booked_at) for one in done
        )
        bookings = Booking.objects.bulk_create(
            Booking(
                state=Booking.State.ENDED,
                home=one.home,
                service=one.household.service,
                quote=quote,
                requested_at=one.booked_at,
                confirmed_at=one.booked_at,
                card_due_at=one.booked_at,
            )
            for one, quote in zip(done, quotes, strict=True)
        )
        visits = Visit.objects.bulk_create(
            Visit(
                booking=booking,
                state=Visit.State.COMPLETED,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                minutes=one.price.minutes,
                cents=one.price.cents,
                started_at=one.starts_at,
                completed_at=one.ends_at,
            )
            for one, booking in zip(done, bookings, strict=True)
        )
        for one, booking, visit in zip(done, bookings, visits, strict=True):
            one.booking, one.visit = booking, visit
        wanted = [(number, extra.pk) for number, one in enumerate(done) for extra in one.household.extras]
        of_quotes, of_bookings = Quote.add_ons.through, Booking.add_ons.through
        of_quotes.objects.bulk_create(of_quotes(quote=quotes[n], addon_id=extra) for n, extra in wanted)
        of_bookings.objects.bulk_create(of_bookings(booking=bookings[n], addon_id=extra) for n, extra in wanted)
        Event.objects.bulk_create(step for one in done for step in _told_of_booking(one))

    def _pay(self, done: list[Done]) -> None:
        """What each visit does to the books, and the money that was taken for it."""
        charges = [
            Charge(
                visit=one.visit,
                client=one.household.client,
                kind=kind,
                state=Charge.State.SETTLED,
                wanted=Charge.Wanted.CAPTURE,
                cents=cents,
                captured_cents=cents,
                due_at=one.ends_at,
            )
            for one in done
            for kind, cents in ((Charge.Kind.PRICE, one.price.cents), (Charge.Kind.TIP, one.tip))
            if cents
        ]
        taken = self.purse.take_then(charges)
        for charge, payment in zip(charges, taken, strict=True):
            charge.intent = payment["id"]
        Charge.objects.bulk_create(charges)
        Event.objects.bulk_create(step for charge in charges for step in _told_of_charge(charge))
        by_visit = {one.visit.pk: one for one in done}
        books = Books()
        for one in done:
            books.earn(one.visit, one.household.client, _minutes(one))
        for charge, payment in zip(charges, taken, strict=True):
            minutes = _minutes(by_visit[charge.visit_id])
            books.take(charge, payment["latest_charge"]["balance_transaction"], minutes)
        books.write()


def _minutes(done: Done) -> dict[int, int]:
    return {member.pk: done.price.each for member in done.members}


def _come(done: list[Done]) -> None:
    """Somebody was asked, said yes, came, and was done in time."""
    rows = [(one, member) for one in done for member in one.members]
    shifts = Shift.objects.bulk_create(
        Shift(
            visit=one.visit,
            member=member,
            state=Shift.State.DONE,
            zip_id=one.home.zip_id,
            assigned_at=one.booked_at,
            started_at=one.starts_at,
            done_at=one.ends_at,
            **Slot(one.starts_at, one.price.each, 1, TRAVEL_MINUTES.on(one.day)).times,
        )
        for one, member in rows
    )
    turns = Turn.objects.bulk_create(
        Turn(shift=shift, decided_at=one.booked_at, chosen=member, candidates=[])
        for shift, (one, member) in zip(shifts, rows, strict=True)
    )
    Offer.objects.bulk_create(
        Offer(
            shift=turn.shift,
            member=member,
            turn=turn,
            state=Offer.State.ACCEPTED,
            starts_at=one.starts_at,
            made_at=one.booked_at,
            answer_by=one.booked_at + timedelta(hours=2),
            answered_at=one.booked_at + timedelta(minutes=9),
        )
        for turn, (one, member) in zip(turns, rows, strict=True)
    )
    Event.objects.bulk_create(step for shift in shifts for step in _told_of_shift(shift))


def _look_at_weeks(done: list[Done]) -> None:
    """Whoever had two visits on a day, or many in a week, may be paid beyond them: the week is looked at as ever."""
    weeks: dict[tuple[int, date], list[Done]] = defaultdict(list)
    for one in done:
        for member in one.members:
            weeks[member.pk, one.day - timedelta(days=one.day.weekday())].append(one)
    for (worker, monday), visits in weeks.items():
        WorkWeek.objects.get_or_create(member_id=worker, monday=monday)
        if len({one.day for one in visits}) < len(visits):
            WorkWeek.expect(visits[-1].visit)


def _told_of_booking(done: Done) -> Iterator[Event]:
    requested, confirmed, ended = Booking.State.REQUESTED, Booking.State.CONFIRMED, Booking.State.ENDED
    scheduled, started, completed = Visit.State.SCHEDULED, Visit.State.STARTED, Visit.State.COMPLETED
    worker = done.members[0].user
    yield _step(done.booking, "request", done.booked_at, done.user, "", requested)
    yield _step(done.booking, "confirm", done.booked_at, done.user, requested, confirmed)
    yield _step(done.visit, "start", done.starts_at, worker, scheduled, started)
    yield _step(done.visit, "complete", done.ends_at, worker, started, completed)
    yield _step(done.booking, "end", done.ends_at, worker, confirmed, ended)


def _told_of_shift(shift: Shift) -> Iterator[Event]:
    state, member = Shift.State, shift.member
    assert member
    assert shift.assigned_at
    assert shift.started_at
    assert shift.done_at
    yes = shift.assigned_at + timedelta(minutes=9)
    yield _step(shift, "offer", shift.assigned_at, None, state.OPEN, state.OFFERED)
    yield _step(shift, "accept", yes, member.user, state.OFFERED, state.ACCEPTED)
    yield _step(shift, "start", shift.started_at, member.user, state.ACCEPTED, state.STARTED)
    yield _step(shift, "finish", shift.done_at, member.user, state.STARTED, state.DONE)


def _told_of_charge(charge: Charge) -> Iterator[Event]:
    state = Charge.State
    yield _step(charge, "capture", charge.due_at, None, state.DUE, state.CAPTURED)
    yield _step(charge, "settle", charge.due_at, None, state.CAPTURED, state.SETTLED)


def _step(row: Stateful, verb: str, at: datetime, by: User | None, before: str, after: str) -> Event:
    about = {"kind": row._meta.label_lower, "subject": row.pk}
    return Event(**about, verb=verb, at=at, actor=by, before=before, after=after)
