"""Where one reads why people left."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(
    Place("leaving_reasons", _("Why people left"), Group.MEMBERSHIP, "members.read_leaving_reasons"),
)
