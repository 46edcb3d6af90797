"""What the members may change by vote about money."""

from django.utils.translation import gettext_lazy as _

from coop.policies import CENTS, COUNT, HOURS, Policy

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
REFERRAL_CENTS = Policy(
    "payouts.referral_cents",
    _("Credit for a client who invites, and for the newcomer"),
    CENTS,
    1000,
    0,
    10000,
    _("Founding members"),
    help=_("It comes from running the co-op. Zero means that nobody gets any."),
)
MOST_REFERRALS = Policy(
    "payouts.most_referrals",
    _("Most newcomers a year for whom a client gets credit"),
    COUNT,
    10,
    0,
    100,
    _("Founding members"),
)
