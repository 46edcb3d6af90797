"""Where the record of visits for care is."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(
    Place("care_records", _("Care visits"), Group.OFFICE, "bookings.keep_care"),
)
