"""What the members may change by vote about money."""

from django.utils.translation import gettext_lazy as _

from coop.policies import HOURS, Policy

HOLD_HOURS = Policy(
    "payouts.hold_hours",
    _("How long before a visit its price is held on the card"),
    HOURS,
    24,
    1,
    96,
    _("Visa keeps a hold of an absent card for 4 days and 18 hours"),
)
COMPLAINT_HOURS = Policy(
    "payouts.complaint_hours",
    _("How long a visit's pay waits for complaints before it is paid out"),
    HOURS,
    48,
    0,
    336,
    _("Founding members"),
)
