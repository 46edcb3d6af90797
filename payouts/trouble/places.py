"""Where all that waits for a person stands, and how much that is."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coop.web.attention import counted_lately
from coop.web.places import Group, Place, Waiting, Waits, register, register_waiting

register(
    Place("trouble", _("Needs attention"), Group.MONEY, "payouts.see_trouble"),
)
register_waiting(
    Waiting(
        "trouble",
        _("Needs attention"),
        "payouts.see_trouble",
        lambda user: Waits(counted_lately(user, timezone.now())),
    ),
)
