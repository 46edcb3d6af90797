"""Where entries by hand are read and written."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(
    Place("hand_entries", _("Expenses and income"), Group.MONEY),
)
