"""Now and then the coordinator of the demo decides a turn otherwise, and says why."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bookings.flags import flags
from bookings.models import Booking, Offer, Override, Shift
from bookings.spotlight import PERIODS, spotlight
from members.models import Member

if TYPE_CHECKING:
    from coop.demo.days import Town

OFTEN = 0.025
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
    """Once in a while, soon after somebody was asked."""
    lately = town.days.until - town.days.now < WITHIN
    if lately and town.days.dice.random() < OFTEN:
        town.days.plan(town.days.now + SOON, lambda: _give(town, booking))


def _give(town: "Town", booking: Booking) -> None:
    """To the newest of those who can come, more often than not."""
    now, dice = town.days.now, town.days.dice
    shift = Shift.objects.whole().filter(visit__booking=booking).order_by("pk")[0]
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
