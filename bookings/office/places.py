"""Where whoever coordinates goes, and what waits there."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.visits.shifts.shifts import Shift
from bookings.visits.visits import Visit
from coop.web.places import Group, Place, Waiting, Waits, register, register_waiting

register(
    Place("find", _("Search"), Group.OFFICE, "bookings.coordinate"),
    Place("add_client", _("A new client on the phone"), Group.OFFICE, "bookings.coordinate"),
    Place("week", _("Week"), Group.OFFICE, "bookings.coordinate"),
    Place("unfilled_shifts", _("Unfilled shifts"), Group.OFFICE, "bookings.coordinate"),
    Place("calls", _("People to call"), Group.OFFICE, "bookings.coordinate"),
    Place("hand_over_day", _("Hand over days"), Group.OFFICE, "bookings.coordinate"),
    Place("closed_days", _("Closed days and hours"), Group.OFFERED),
)

register_waiting(
    Waiting(
        "unfilled_shifts",
        _("Shifts that nobody has yet"),
        "bookings.coordinate",
        lambda user: Waits(Shift.objects.unfilled(timezone.now()).count()),
        always=True,
    ),
    Waiting(
        "closed_days",
        _("Visits on days when we are closed"),
        "bookings.coordinate",
        lambda user: Waits(Visit.objects.on_closed_days(timezone.now()).count()),
    ),
    Waiting(
        "unfilled_shifts",
        _("Shifts whose certificate ends before"),
        "bookings.coordinate",
        lambda user: Waits(Shift.objects.without_credential(timezone.now()).count()),
    ),
)
