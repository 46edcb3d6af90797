"""What the demo knows of the law, and of how its members are paid."""

from datetime import datetime

from bookings.catalog.wages.known import known_figures
from bookings.models import LeastWage
from coop.models import ZipCode
from members.models import Member, User
from payouts.models import PayKind


def write_down_the_law(*, at: datetime, by: User) -> None:
    """The least wages that are known for the places where it works, as its treasurer wrote them down."""
    served = ZipCode.objects.served_from(at.date())
    counties = served.order_by("state", "county").values_list("state", "county").distinct()
    for one in known_figures(counties):
        place = {"state": one.state, "locality": one.locality, "work": one.work}
        LeastWage.write_down(**place, cents=one.cents, citation=one.citation, from_day=one.since, at=at, by=by)


def say_how_all_are_paid(members: list[Member], *, at: datetime, by: User) -> None:
    """The owners take draws, and somebody at the end of the list is on wages."""
    PayKind.say(None, PayKind.Kind.DRAW, starts_on=at.date(), at=at, by=by)
    PayKind.say(members[-3], PayKind.Kind.WAGES, starts_on=at.date(), at=at, by=by)
