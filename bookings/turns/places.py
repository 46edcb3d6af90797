"""Where everybody sees which turns were decided otherwise."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(
    Place("overrides", _("Turns decided otherwise"), Group.AGREED),
)
