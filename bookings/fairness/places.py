"""Where everybody sees how the work is shared."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(
    Place("spotlight", _("Is the work shared fairly?"), Group.AGREED),
)
