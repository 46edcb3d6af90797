"""Where it is said what we do, for how much, and whether we take bookings."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(
    Place("prices", _("Services and prices"), Group.OFFERED),
    Place("areas", _("Where we work"), Group.OFFERED),
    Place("least_wages", _("Least wages by law"), Group.MONEY),
    Place("hang_sign", _("Open or closed"), Group.OFFERED, "bookings.hang_doorsign"),
)
