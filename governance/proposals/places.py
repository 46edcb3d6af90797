"""Where votes wait."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Waiting, Waits, register_waiting
from governance.proposals.proposals import Proposal

register_waiting(
    Waiting(
        "proposals",
        _("Votes that wait for you"),
        "bookings.work",
        lambda user: Waits(Proposal.objects.waiting_for(user).count()),
        always=True,
    ),
)
