"""Where the co-op's papers are."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(Place("papers", _("Papers"), Group.AGREED))
