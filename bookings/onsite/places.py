"""Where one looks after what happens at visits."""

from django.utils.translation import gettext_lazy as _

from bookings.onsite.incidents.incidents import Incident
from coop.web.places import Group, Place, Waiting, Waits, register, register_waiting

register(
    Place("odd_taps", _("Starts and finishes to look at"), Group.OFFICE, "bookings.coordinate"),
    Place("incidents", _("Reported at visits"), Group.OFFICE, "bookings.read_reports"),
    Place("checklists", _("Checklists"), Group.OFFERED),
)

register_waiting(
    Waiting(
        "incidents",
        _("Reported at visits"),
        "bookings.read_reports",
        lambda user: Waits(Incident.objects.visible_to(user).standing().count()),
        always=True,
    ),
)
