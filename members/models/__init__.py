"""People: who signs in, who works and owns, when they can, and what they are told."""

from members.agreements.agreements import Acceptance, Agreement, AgreementVersion
from members.announcements.announcements import Addressee, Announcement
from members.appointing.office_changes import OfficeChange
from members.bodies.bodies import Body, BodyTerm
from members.bodies.body_changes import BodyChange
from members.credentials.credential_types import CredentialType
from members.credentials.credentials import Credential
from members.credentials.evidence import Evidence
from members.duties.duties import Duty
from members.founding.invitations import FounderInvitation
from members.founding.setup_keys import SetupKey
from members.hours.availability import Availability, Leave, OtherHours
from members.hours.calendars import CalendarAddress
from members.joining.admissions import Admission
from members.joining.application_notes import ApplicationNote
from members.joining.applications import Application
from members.joining.candidates import Candidate, Mentoring
from members.joining.learning import Learned, Lesson
from members.looks.looks import Look
from members.membership.proposed import ProposedReturn, ProposedSuspension
from members.membership.reasons import LeavingReason
from members.news.reading import NewsRead
from members.notices.contact_preferences import Reach
from members.notices.notices import Notice
from members.notices.push_addresses import PushAddress
from members.offices.roles import Role
from members.papers.papers import Paper
from members.people.members import Animal, Member
from members.people.users import User
from members.recovery.recoveries import AccountRecovery
from members.second_person.concerns import Concern
from members.second_person.confirmations import Confirmation
from members.signing_in.addresses.address_changes import AddressChange
from members.signing_in.numbers.texted_codes import TextedCode
from members.skills.skills import Skill
from members.standing.standings import Standing, Stretch

__all__ = [
    "Acceptance",
    "AccountRecovery",
    "AddressChange",
    "Addressee",
    "Admission",
    "Agreement",
    "AgreementVersion",
    "Animal",
    "Announcement",
    "Application",
    "ApplicationNote",
    "Availability",
    "Body",
    "BodyChange",
    "BodyTerm",
    "CalendarAddress",
    "Candidate",
    "Concern",
    "Confirmation",
    "Credential",
    "CredentialType",
    "Duty",
    "Evidence",
    "FounderInvitation",
    "Learned",
    "Leave",
    "LeavingReason",
    "Lesson",
    "Look",
    "Member",
    "Mentoring",
    "NewsRead",
    "Notice",
    "OfficeChange",
    "OtherHours",
    "Paper",
    "ProposedReturn",
    "ProposedSuspension",
    "PushAddress",
    "Reach",
    "Role",
    "SetupKey",
    "Skill",
    "Standing",
    "Stretch",
    "TextedCode",
    "User",
]
