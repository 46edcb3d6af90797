"""Where agreements stand, and how many people have something to accept."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, Waiting, Waits, register, register_waiting
from members.agreements.agreed import how_many_are_missing

register(Place("agreements", _("Agreements"), Group.AGREED))
register_waiting(
    Waiting(
        "agreements",
        _("People who have something to accept"),
        "members.keep_agreements",
        lambda user: Waits(how_many_are_missing(timezone.localdate())),
    )
)
