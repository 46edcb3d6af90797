"""Where the rules stand."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(
    Place("policies", _("Our rules"), Group.AGREED),
)
