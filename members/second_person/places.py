"""Where one is asked as a second person."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, Waiting, Waits, register, register_waiting
from members.second_person.confirmations import Confirmation

register(
    Place("confirmations", _("Waiting for a second person"), Group.MONEY),
)

register_waiting(
    Waiting(
        "confirmations",
        _("Waiting for a second person"),
        "members.read_confirmations",
        lambda user: Waits.oldest_first(list(Confirmation.objects.visible_to(user).waiting()), "asked_at"),
    ),
)
