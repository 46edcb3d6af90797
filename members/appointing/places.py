"""Where everybody sees who holds which office."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(
    Place("offices", _("Offices"), Group.AGREED),
)
