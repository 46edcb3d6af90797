"""What the demo knows of the law."""

from datetime import datetime

from bookings.catalog.wages.known import known_figures
from bookings.models import LeastWage
from coop.models import ZipCode
from members.models import User


def write_down_the_law(*, at: datetime, by: User) -> None:
    """The least wages that are known for the places where it works, as its treasurer wrote them down."""
    counties = ZipCode.objects.served().order_by("state", "county").values_list("state", "county").distinct()
    for one in known_figures(counties):
        place = {"state": one.state, "locality": one.locality, "work": one.work}
        LeastWage.write_down(**place, cents=one.cents, citation=one.citation, from_day=one.since, at=at, by=by)
