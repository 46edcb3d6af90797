"""Where the members stand."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(
    Place("members", _("Members"), Group.MEMBERSHIP, "members.read_register"),
)
