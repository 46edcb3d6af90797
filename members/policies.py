"""What the members may change by vote about how people are told."""

from django.utils.translation import gettext_lazy as _

from coop.policies import DAYS, HOUR_OF_DAY, HOURS, YES_NO, Policy

HOUSE = _("Founding members")

NOTICE_FROM = Policy(
    "members.notice_from", _("The morning hour from which people are written to"), HOUR_OF_DAY, 8, 6, 12, HOUSE
)
NOTICE_UNTIL = Policy(
    "members.notice_until", _("The evening hour until which people are written to"), HOUR_OF_DAY, 21, 16, 24, HOUSE
)
NEAR_HOURS = Policy("members.near_hours", _("What begins so soon is told at night, too"), HOURS, 12, 2, 48, HOUSE)

DOMAIN = _("As other co-ops do it")
CREDENTIAL_WARNINGS = (
    Policy(
        "members.credential_first_days",
        _("How long before a certificate ends its member is warned"),
        DAYS,
        60,
        31,
        180,
        DOMAIN,
    ),
    Policy(
        "members.credential_second_days", _("How long before it ends they are warned again"), DAYS, 30, 8, 90, DOMAIN
    ),
    Policy(
        "members.credential_last_days", _("How long before it ends they are warned at last"), DAYS, 7, 1, 30, DOMAIN
    ),
)
EVIDENCE_DAYS = Policy(
    "members.evidence_days",
    _("How long a photo of a certificate is kept after it was checked"),
    DAYS,
    90,
    1,
    730,
    HOUSE,
    help=_("What it said, until when it holds and who checked it is kept."),
)

ANSWER_HOURS = Policy(
    "members.answer_hours",
    _("How long a member can answer before an act against them takes effect"),
    HOURS,
    48,
    12,
    336,
    HOUSE,
    help=_("Once they agree, it need not be waited for."),
)

RECOVERY_HOURS = Policy(
    "members.recovery_hours",
    _("How long the old address can stop a new way into an account"),
    HOURS,
    48,
    24,
    336,
    HOUSE,
    help=_("For whoever lost every key and address, and whom two people of the office have met."),
)

RULE_OF_TWO = Policy(
    "members.rule_of_two",
    _("A second person confirms what weighs"),
    YES_NO,
    1,
    0,
    1,
    HOUSE,
    help=_("Without it, what is about nobody of us holds at once. What is about somebody always waits for a second."),
)

LOOK_DAYS = Policy(
    "members.look_days", _("How long it is kept who looked at what is kept about somebody"), DAYS, 365, 30, 1825, HOUSE
)

LEAVING_DAYS = Policy(
    "members.leaving_days",
    _("How long before a member leaves they say so"),
    DAYS,
    14,
    0,
    90,
    HOUSE,
    help=_("It holds as well where the membership office writes it down for them."),
)

DUTY_LATE_DAYS = Policy(
    "members.duty_late_days",
    _("How long a duty of the year can be late before all members are told"),
    DAYS,
    7,
    1,
    60,
    HOUSE,
)
