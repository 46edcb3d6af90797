"""What the members may change by vote about joining."""

from django.utils.translation import gettext_lazy as _

from coop.policies import DAYS, HOURS, MONTHS, Policy

DOMAIN = _("As other co-ops do it")

CANDIDATE_MONTHS = Policy(
    "members.candidate_months",
    _("How long somebody is a candidate before they can be an owner"),
    MONTHS,
    6,
    0,
    24,
    DOMAIN,
)
CANDIDATE_HOURS = Policy(
    "members.candidate_hours",
    _("How many hours a candidate works before they can be an owner"),
    HOURS,
    650,
    0,
    4000,
    DOMAIN,
    help=_("Both have to be met: the months and the hours."),
)
APPLICATION_DAYS = Policy(
    "members.application_days",
    _("How long an application is kept that was declined or withdrawn"),
    DAYS,
    365,
    30,
    1095,
    _("US law: 29 CFR 1602.14"),
    help=_("US law asks employers of 15 people or more to keep applications for a year."),
)
