"""Where it stands what the board and committees are."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(Place("bodies", _("Board and committees"), Group.AGREED))
