"""What the members may change by vote about how people are told."""

from django.utils.translation import gettext_lazy as _

from coop.policies import HOUR_OF_DAY, HOURS, Policy

HOUSE = _("Founding members")

NOTICE_FROM = Policy(
    "members.notice_from", _("The morning hour from which people are written to"), HOUR_OF_DAY, 8, 6, 12, HOUSE
)
NOTICE_UNTIL = Policy(
    "members.notice_until", _("The evening hour until which people are written to"), HOUR_OF_DAY, 21, 16, 24, HOUSE
)
NEAR_HOURS = Policy("members.near_hours", _("What begins so soon is told at night, too"), HOURS, 12, 2, 48, HOUSE)
