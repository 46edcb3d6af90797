"""People: who signs in, who works and owns, when they can, and what they are told."""

from members.models.availability import Availability, Credential, Leave, OtherHours
from members.models.calendars import CalendarAddress
from members.models.confirmations import Concern, Confirmation
from members.models.contact_preferences import Reach
from members.models.notices import Notice
from members.models.people import Animal, Member, User
from members.models.push_addresses import PushAddress
from members.models.roles import Role

__all__ = [
    "Animal",
    "Availability",
    "CalendarAddress",
    "Concern",
    "Confirmation",
    "Credential",
    "Leave",
    "Member",
    "Notice",
    "OtherHours",
    "PushAddress",
    "Reach",
    "Role",
    "User",
]
