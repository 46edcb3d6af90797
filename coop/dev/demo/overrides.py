"""Now and then the coordinator of the demo decides a turn otherwise, and says why; and members swap."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

from bookings.fairness.flags import flags
from bookings.fairness.spotlight import PERIODS, spotlight
from bookings.models import Booking, Offer, Override, Shift, Swap
from coop.dev.demo.founding import NEW_YORK
from members.models import Member

if TYPE_CHECKING:
    from coop.dev.demo.days import Town

OFTEN = 0.05
WITHIN = timedelta(days=80)
SOON = timedelta(minutes=3)
REASONS = (
    "The client called and asked for somebody who knows the building.",
    "Somebody is ill, and this is the nearest who can be there in time.",
    "The neighbour is at home only until ten, and this person passes by there.",
)
NEW = "New with us: these months are for getting to know different homes."
ANSWER = "Whoever is new should see many homes before the vote on admission. From next month on the turn decides again."


def maybe(town: "Town", booking: Booking) -> None:
    """Once in a while, soon after somebody was asked by day."""
    lately = town.days.until - town.days.now < WITHIN
    by_day = 8 <= town.days.now.astimezone(NEW_YORK).hour < 19
    if lately and by_day and town.days.dice.random() < OFTEN:
        town.days.plan(town.days.now + SOON, lambda: _give(town, booking))


def _give(town: "Town", booking: Booking) -> None:
    """To the newest of those who can come, more often than not."""
    now, dice = town.days.now, town.days.dice
    shift = Shift.objects.with_related().filter(visit__booking=booking).order_by("pk")[0]
    giver = town.coordinator.membership
    assert giver is not None
    able = [one.member for one in shift.in_turn(at=now) if not one.against and one.member != giver.pk][1:]
    if not able or shift.state not in (Shift.State.OPEN, Shift.State.OFFERED) or shift.member_id in able:
        return
    newest = dice.random() < 0.6
    to = Member.objects.select_related("user").get(pk=max(able) if newest else dice.choice(able))
    Override.give(shift, to=to, reason=NEW if newest else dice.choice(REASONS), at=now, by=town.coordinator)
    town.wait_for(Offer.objects.waiting().get(shift=shift))


def answer(town: "Town", *, at: datetime) -> None:
    """What the coordinator says to what the numbers ask about these turns."""
    for flag in flags(spotlight(days=PERIODS[0], at=at), on=at.date()):
        if flag.about and flag.member == town.coordinator.membership:
            flag.answer(ANSWER, at=at)


def swap(*, at: datetime) -> None:
    """One member has asked another to swap and waits for an answer; two others have swapped, if there are two more."""
    for number, (one, two, asker, other) in zip(range(2), _that_could_be_swapped(at), strict=False):
        asked = Swap.ask(one, other=other, back=two, at=at, by=asker.user)
        if number:
            asked.agree(at=at, by=other.user)


def _that_could_be_swapped(at: datetime) -> Iterator[tuple[Shift, Shift, Member, Member]]:
    """Pairs of accepted shifts on two days whose people could each do the other's; nobody is in two pairs."""
    ahead = Shift.objects.with_related().filter(state=Shift.State.ACCEPTED, starts_at__gt=at + timedelta(days=1))
    taken: set[Member] = set()
    for one, two in combinations(ahead.order_by("starts_at", "pk"), 2):
        if not one.member or not two.member or one.member == two.member or {one.member, two.member} & taken:
            continue
        if one.starts_at.date() == two.starts_at.date():
            continue
        if one.suits(two.member, at=at) and two.suits(one.member, at=at):
            taken |= {one.member, two.member}
            yield one, two, one.member, two.member
