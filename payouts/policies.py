"""What the members may change by vote about money."""

from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from coop.policies import CENTS, CENTS_PER_HOUR, COUNT, HOURS, MINUTES, MONTHS, PART, Policy

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

REFUND_ALONE = Policy(
    "payouts.refund_alone_cents",
    _("What one person alone may give back of a charge"),
    CENTS,
    10000,
    0,
    100000,
    _("Founding members"),
    help=_("Above that, and whenever it comes out of somebody's pay, a second person confirms it."),
)

LEAST_CHARGE = Policy(
    "payouts.least_charge_cents",
    _("The least that a card is charged"),
    CENTS,
    50,
    50,
    500,
    _("Stripe takes no less than $0.50"),
    help=_("What is less comes from running the co-op, and nobody owes it."),
)
MOST_CORRECTIONS = Policy(
    "payouts.most_corrections",
    _("How much of somebody's pay in a pay run may go to corrections of earlier work"),
    PART,
    Fraction(1, 4),
    Fraction(0),
    Fraction(1),
    _("Founding members"),
    help=_("The rest waits for the next pay run. Never so much that an hour would pay less than the pay floor."),
)
LEAST_PAYOUT = Policy(
    "payouts.least_payout_cents",
    _("The least that a pay run pays one member"),
    CENTS,
    0,
    0,
    5000,
    _("Founding members"),
    help=_("Less waits for the next pay run. Wages never wait, and whoever leaves is paid whatever it is."),
)

FULL_WEEK = Policy(
    "payouts.full_week",
    _("Hours a week from which an hour pays more"),
    HOURS,
    40,
    20,
    40,
    _("United States and New York: 29 CFR 778.101, 12 NYCRR 142-2.2"),
    help=_("Monday to Sunday. Visits and paid time between them count."),
)
FULL_WEEK_FACTOR = Policy(
    "payouts.full_week_factor",
    _("What an hour over a full week pays, against the other hours of that week"),
    PART,
    Fraction(3, 2),
    Fraction(3, 2),
    Fraction(3),
    _("United States and New York: 29 CFR 778.107, 12 NYCRR 142-2.2"),
)
LONG_DAY = Policy(
    "payouts.long_day",
    _("From first start to last end, a day of more hours than this pays one hour more"),
    HOURS,
    10,
    6,
    24,
    _("New York: 12 NYCRR 142-2.4"),
    help=_("The hour is paid at the least wage by law."),
)
Policy(
    "payouts.minimum_wage",
    _("Minimum wage by law"),
    CENTS_PER_HOUR,
    1700,
    725,
    10000,
    _("New York City, Long Island and Westchester, from January 1, 2026: 12 NYCRR 142-2.1"),
    on_ballot=False,
)
Policy(
    "payouts.aide_minimum",
    _("Minimum wage of home-care aides by law"),
    CENTS_PER_HOUR,
    1965,
    725,
    10000,
    _("New York City, Long Island and Westchester, from January 1, 2026: Public Health Law 3614-f"),
    on_ballot=False,
)
LEFT_MINUTES = Policy(
    "payouts.left_minutes",
    _("Whoever leaves a visit to be safe is paid its planned time up to"),
    MINUTES,
    120,
    0,
    720,
    _("Founding members"),
    help=_("In any case what they have worked. It comes from running the co-op."),
)
YEAR_STAYS_OPEN = Policy(
    "payouts.year_stays_open_months",
    _("How long after its end something can be written into the books of a year by hand"),
    MONTHS,
    3,
    1,
    12,
    _("Founding members"),
    help=_("After that the year is closed: what is found later is dated in the year in which it is found."),
)
