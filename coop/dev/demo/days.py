"""Six months of a co-op, event by event in the order of time, through the verbs that people use."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from bookings.matching.errors import TimeTaken
from bookings.models import Booking, Client, DoNotSend, Offer, Quote, Shift, Visit
from coop.dev.demo import again, overrides, people
from coop.dev.demo.founding import NEW_YORK, Household
from coop.errors import Refusal
from members.models import User

HOURS = (8, 8.5, 9, 9, 9.5, 10, 10, 11, 12, 13, 13, 13.5, 14, 15)


@dataclass
class Days:
    """The calendar of the demo: what happens is put on it `at` a moment and runs when its time comes."""

    dice: Random
    until: datetime
    now: datetime
    _queue: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def plan(self, at: datetime, event: Callable[[], None]) -> None:
        """Put an event on the calendar; what lies after the end is left to real life."""
        if at <= self.until:
            heapq.heappush(self._queue, (at, next(self._numbers), event))

    def run(self, tell: Callable[[datetime], None]) -> None:
        """Let the time go by; `tell` hears of each new day."""
        while self._queue:
            at, _number, event = heapq.heappop(self._queue)
            if at.date() != self.now.date():
                tell(at)
            self.now = at
            event()


def some_days(dice: Random) -> timedelta:
    """How long ahead somebody books."""
    return timedelta(days=dice.randint(2, 9))


def wish(dice: Random, day: datetime) -> datetime:
    """The hour of a day at which somebody would like us to come; on a Sunday, of the day after."""
    if day.weekday() == 6:
        day += timedelta(days=1)
    hour = dice.choice(HOURS)
    return day.astimezone(NEW_YORK).replace(hour=int(hour), minute=30 if hour % 1 else 0, second=0, microsecond=0)


@dataclass
class Town:
    """Clients who book, members who answer, come, finish; and what goes overrides.

    `save_card` and `charge` are what the money's room does when a booking is made and when its work is done. Before
    the town `opens` others write what took place.
    """

    days: Days
    save_card: Callable[[Booking, datetime], None]
    charge: Callable[[Shift, datetime], None]
    coordinator: User
    opens: datetime
    series: int = 0
    inviter: Client | None = None

    def welcome(self, household: Household) -> None:
        self.days.plan(household.next_at, lambda: self.book(household))

    def book(self, household: Household) -> None:
        """Look for a time some days ahead near the usual hour, book it, and come back after a while."""
        dice, now = self.days.dice, self.days.now
        for _try in range(4):
            starts_at = wish(dice, max(now + some_days(dice), self.opens))
            every = again.weeks(self, household)
            try:
                booking = Booking.request(self._quote(household, starts_at, every), at=now, by=household.client.user)
            except TimeTaken:
                continue
            self._go_on(household, booking)
            if every:
                self.series += 1
                return again.live(self, booking.series)
            break
        if household.every_days:
            self.days.plan(
                now + timedelta(days=household.every_days, hours=dice.randint(-6, 6)), lambda: self.book(household)
            )
        return None

    def _go_on(self, household: Household, booking: Booking) -> None:
        dice, now = self.days.dice, self.days.now
        household.visits += 1
        self.save_card(booking, now)
        self._wait_for_answers(booking)
        overrides.maybe(self, booking)
        visit = booking.first_visit()
        first = visit.starts_at
        self.days.plan(first + timedelta(hours=2), lambda: self._miss(visit))
        if dice.random() < 0.04 and first - now > timedelta(hours=60):
            self.days.plan(
                first - timedelta(hours=dice.randint(26, 48)),
                lambda: self._quietly(lambda: booking.cancel_free(at=self.days.now, by=household.client.user)),
            )

    def _quote(self, household: Household, starts_at: datetime, every: int) -> Quote:
        price = household.price(starts_at.date())
        quote = household.quote(price, starts_at, at=self.days.now, every=every)
        if not household.visits:
            quote.access_note = people.note(self.days.dice)
            quote.referrer, self.inviter = self.inviter, None
        quote.save()
        quote.add_ons.set(household.extras)
        return quote

    def _wait_for_answers(self, booking: Booking) -> None:
        for offer in Offer.objects.waiting().filter(shift__visit__booking=booking):
            self.wait_for(offer)

    def wait_for(self, offer: Offer) -> None:
        """Most say yes within minutes, some pass, a few never look."""
        dice = self.days.dice
        patience = offer.answer_by - offer.made_at
        mood = dice.random()
        at = offer.made_at + patience * min(0.98, dice.expovariate(5))
        if mood < 0.88:
            self.days.plan(at, lambda: self._accept(offer.pk))
        elif mood < 0.97:
            why = dice.choice([Offer.Why.TIME, Offer.Why.TIME, Offer.Why.FAR, Offer.Why.OTHER, Offer.Why.SAFETY])
            self.days.plan(at, lambda: self._pass_on(offer.pk, why))
        else:
            self.days.plan(offer.answer_by, lambda: self._pass_on(offer.pk, ""))

    def _accept(self, offer_id: int) -> None:
        offer = Offer.objects.select_related("member__user", "shift").get(pk=offer_id)
        if offer.state == Offer.State.MADE:
            offer.accept(at=self.days.now, by=offer.member.user)
            shift = offer.shift
            self.days.plan(
                shift.starts_at + timedelta(minutes=self.days.dice.randint(-6, 4)), lambda: self._start(shift.pk)
            )

    def expect(self, shift: Shift) -> None:
        """A shift of a series: whoever has it comes, and the coordinator looks when nobody did."""
        self.days.plan(shift.starts_at, lambda: self._start(shift.pk))
        self.days.plan(shift.starts_at + timedelta(hours=2), lambda: self._miss(Visit.objects.get(shifts=shift.pk)))

    def _pass_on(self, offer_id: int, why: str) -> None:
        offer = Offer.objects.select_related("member__user", "shift__zip").get(pk=offer_id)
        if offer.state != Offer.State.MADE:
            return
        offer.pass_on(at=self.days.now, by=offer.member.user, why=why)
        for following in Offer.objects.waiting().filter(shift=offer.shift_id):
            self.wait_for(following)

    def _start(self, shift_id: int) -> None:
        shift = Shift.objects.select_related("member__user").get(pk=shift_id)
        if shift.state != Shift.State.ACCEPTED or shift.member is None:
            return
        shift.start(at=self.days.now, by=shift.member.user)
        late = timedelta(minutes=self.days.dice.randint(-10, 8))
        self.days.plan(shift.ends_at + late, lambda: self._complete(shift_id))

    def _miss(self, visit: Visit) -> None:
        """Nobody could come: the coordinator says so and calls the client."""
        visit.refresh_from_db()
        if visit.state == Visit.State.SCHEDULED:
            visit.miss(at=self.days.now, by=self.coordinator, note="Nobody was free; we called and found another day.")

    def _complete(self, shift_id: int) -> None:
        shift = Shift.objects.with_related().get(pk=shift_id)
        if shift.state != Shift.State.STARTED or shift.member is None:
            return
        shift.complete(at=self.days.now, by=shift.member.user)
        self.charge(shift, self.days.now)
        if self.days.dice.random() < 0.006:
            self.days.plan(self.days.now + timedelta(hours=3), lambda: self._ask_not_to_send(shift))

    def _ask_not_to_send(self, shift: Shift) -> None:
        client, member = shift.home.client, shift.member
        assert member is not None
        reason = self.days.dice.choice(DoNotSend.Reason.values)
        DoNotSend.place(client=client, member=member, placer="client", reason=reason, at=self.days.now, by=client.user)
        for freed in Shift.objects.to_ask(self.days.now).with_related().filter(visit__booking__home__client=client):
            freed.offer_next(at=self.days.now)
            for offer in Offer.objects.waiting().filter(shift=freed.pk):
                self.wait_for(offer)

    def _quietly(self, event: Callable[[], None]) -> None:
        try:
            event()
        except Refusal:
            return  # the co-op said no, and the person leaves it at that
