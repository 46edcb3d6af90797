"""Large histories for load tests: finished visits written by the thousand, under the same constraints and triggers.

What would be at Stripe is only in our books here; the last days are lived through the verbs all the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction

from bookings.catalog.sharing import share_out
from bookings.matching.needs import Slot
from bookings.models import Booking, Home, Offer, Shift, Turn, Visit
from bookings.policies import PAY_FLOOR, TRAVEL_MINUTES, shares_on
from coop.dev.demo.founding import NEW_YORK, Household
from members.models import Availability, Member
from payouts.models import Account, Charge, Entry, Transfer

STARTS = (0, 30, 60)
SHARE_OF_DAYS = 0.7


@dataclass(frozen=True)
class Done:
    """One finished visit: who did it where, from when."""

    member: Member
    household: Household
    home: Home
    starts_at: datetime
    minutes: int
    cents: int

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


def write_history(
    dice: Random, members: list[Member], households: list[Household], *, start: datetime, end: datetime
) -> int:
    """Fill the days from `start` to `end` with finished visits, a day a transaction; how many there are."""
    homes = _homes(households)
    spans = {(span.member_id, span.weekday): span for span in Availability.objects.all()}
    written = 0
    for day in _days(start.date(), end.date()):
        visits = []
        for member in members:
            span = spans.get((member.pk, day.weekday()))
            if span and dice.random() < SHARE_OF_DAYS and member.started_on <= day:
                at = datetime.combine(day, span.starts, NEW_YORK) + timedelta(minutes=dice.choice(STARTS))
                visits.append(_visit(dice, member, homes, at))
        with transaction.atomic():
            _write(visits, day)
        written += len(visits)
    return written


def _days(first: date, last: date) -> Iterator[date]:
    while first < last:
        yield first
        first += timedelta(days=1)


def _homes(households: list[Household]) -> dict[str, list[tuple[Household, Home]]]:
    homes = Home.objects.bulk_create(
        Home(client=one.client, street=one.street, apartment=one.apartment, zip_id=one.zip) for one in households
    )
    by_skill: dict[str, list[tuple[Household, Home]]] = {}
    for one, home in zip(households, homes, strict=True):
        by_skill.setdefault(one.service.skill, []).append((one, home))
    return by_skill


def _visit(dice: Random, member: Member, homes: dict[str, list[tuple[Household, Home]]], at: datetime) -> Done:
    household, home = dice.choice(homes[dice.choice([skill for skill in member.skills if skill in homes])])
    minutes = household.minutes or 75 + 45 * (household.bedrooms + household.bathrooms)
    minutes = -(-minutes // 15) * 15
    return Done(member, household, home, at, minutes, minutes * household.cents_per_hour // 60)


def _write(visits: list[Done], day: date) -> None:
    bookings = Booking.objects.bulk_create(
        Booking(
            state=Booking.State.ENDED,
            home=done.home,
            service=done.household.service,
            requested_at=done.starts_at - timedelta(days=4),
            confirmed_at=done.starts_at - timedelta(days=4),
            card_due_at=done.starts_at - timedelta(days=4),
        )
        for done in visits
    )
    rows = Visit.objects.bulk_create(
        Visit(
            booking=booking,
            state=Visit.State.COMPLETED,
            starts_at=done.starts_at,
            ends_at=done.ends_at,
            minutes=done.minutes,
            cents=done.cents,
            started_at=done.starts_at,
            completed_at=done.ends_at,
        )
        for booking, done in zip(bookings, visits, strict=True)
    )
    pairs = list(zip(rows, visits, strict=True))
    _write_shifts(pairs, day)
    _write_books(pairs, day)


def _write_shifts(pairs: list[tuple[Visit, Done]], day: date) -> None:
    travel = TRAVEL_MINUTES.on(day)
    shifts = Shift.objects.bulk_create(
        Shift(
            visit=visit,
            member=done.member,
            state=Shift.State.DONE,
            zip_id=done.home.zip_id,
            assigned_at=done.starts_at - timedelta(days=4),
            started_at=done.starts_at,
            done_at=done.ends_at,
            **Slot(done.starts_at, done.minutes, 1, travel).times,
        )
        for visit, done in pairs
    )
    turns = Turn.objects.bulk_create(
        Turn(shift=shift, decided_at=done.starts_at - timedelta(days=4), chosen=done.member, candidates=[])
        for shift, (_visit, done) in zip(shifts, pairs, strict=True)
    )
    Offer.objects.bulk_create(
        Offer(
            shift=turn.shift,
            member=turn.chosen,
            turn=turn,
            state=Offer.State.ACCEPTED,
            starts_at=turn.shift.starts_at,
            made_at=turn.decided_at,
            answer_by=turn.decided_at + timedelta(hours=2),
            answered_at=turn.decided_at + timedelta(minutes=9),
        )
        for turn in turns
        if turn.chosen
    )


def _write_books(pairs: list[tuple[Visit, Done]], day: date) -> None:
    shares, floor = shares_on(day), PAY_FLOOR.on(day)
    stripe = Account.fund(Account.Kind.STRIPE)
    entries, moves = [], []
    for visit, done in pairs:
        parts = share_out(done.cents, minutes={done.member.pk: done.minutes}, shares=shares, floor=floor)
        client = Account.client(done.household.client.pk)
        paid = Account.pay(done.member.pk)
        earned = Entry(
            key=f"visit:{visit.pk}", kind=Entry.Kind.VISIT, effective_on=day, posted_at=done.ends_at, visit=visit
        )
        taken = Entry(
            key=f"bt:bulk-{visit.pk}", kind=Entry.Kind.CAPTURE, effective_on=day, posted_at=done.ends_at, visit=visit
        )
        entries += [earned, taken]
        moves += [(earned, client, paid, parts.workers[done.member.pk])]
        moves += [(earned, client, Account.fund(name), cents) for name, cents in parts.funds.items() if cents]
        moves += [(earned, Account.fund("operations"), paid, cents) for cents in parts.topped_up.values()]
        moves += [(taken, stripe, client, done.cents)]
    accounts = Account.objects.stored(end for _entry, payer, payee, _cents in moves for end in (payer, payee))
    Entry.objects.bulk_create(entries)
    Transfer.objects.bulk_create(
        Transfer(entry=entry, payer=accounts[payer.code], payee=accounts[payee.code], cents=cents)
        for entry, payer, payee, cents in moves
    )
    Charge.objects.bulk_create(
        Charge(
            visit=visit,
            client=done.household.client,
            kind=Charge.Kind.PRICE,
            state=Charge.State.SETTLED,
            wanted=Charge.Wanted.CAPTURE,
            cents=done.cents,
            captured_cents=done.cents,
            due_at=done.ends_at,
            intent=f"pi_bulk_{visit.pk}",
        )
        for visit, done in pairs
    )
