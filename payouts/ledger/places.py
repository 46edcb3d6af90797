"""Where the books are open to all members."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(
    Place("books", _("Open books"), Group.MONEY),
)
