"""Where errors of background work are mended."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(
    Place("trouble", _("Needs attention"), Group.MONEY, "payouts.see_trouble"),
)
