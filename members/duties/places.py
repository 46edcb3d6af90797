"""Where the duties of the year stand, and which of them wait."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, Waiting, Waits, register, register_waiting
from members.duties.duties import Duty

register(Place("duties", _("Duties of the year"), Group.AGREED))
register_waiting(
    Waiting(
        "duties",
        _("Duties that are late, or need somebody to look after them"),
        "members.keep_duties",
        lambda user: Waits(Duty.objects.to_look_at(timezone.localdate()).count()),
    )
)
