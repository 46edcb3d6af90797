"""Where one looks after what follows a visit."""

from django.utils.translation import gettext_lazy as _

from bookings.aftercare.redos import Redo
from coop.web.places import Group, Place, Waiting, Waits, register, register_waiting

register(
    Place("redos", _("To do again"), Group.OFFICE, "bookings.coordinate"),
    Place("review", _("To talk about"), Group.OFFICE, "bookings.review"),
)

register_waiting(
    Waiting(
        "redos",
        _("To do again"),
        "bookings.coordinate",
        lambda user: Waits(Redo.objects.to_plan().count()),
        always=True,
    ),
)
