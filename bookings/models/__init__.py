"""What is offered, to whom, when, by whose hands."""

from bookings.models.access import AccessView
from bookings.models.answers import FlagAnswer
from bookings.models.bookings import Booking
from bookings.models.care import CareRecord
from bookings.models.catalog import AddOn, Service
from bookings.models.checklists import ChecklistTask, TaskDone
from bookings.models.clients import AreaRequest, Client, Home
from bookings.models.delays import Delay
from bookings.models.given_back import GivenBack
from bookings.models.guards import DoNotSend
from bookings.models.handovers import HandOver
from bookings.models.households import HouseholdMember
from bookings.models.incidents import Incident
from bookings.models.kept_times import KeptTime
from bookings.models.locked_out import ContactAttempt
from bookings.models.offers import Offer, Turn
from bookings.models.overrides import Override
from bookings.models.photos import Photo
from bookings.models.prices import AddOnPrice, ServicePrice
from bookings.models.quotes import Quote
from bookings.models.redos import Redo
from bookings.models.series import Series
from bookings.models.series_days import Rhythm, SeriesDay
from bookings.models.shifts import Shift
from bookings.models.swaps import Swap
from bookings.models.talks import Talk
from bookings.models.taps import Tap, TapLook, TapPlace
from bookings.models.thanks import ThankYou
from bookings.models.visits import Visit
from bookings.models.waitlist import WaitlistEntry
from bookings.models.wishes import SendAgain

__all__ = [
    "AccessView",
    "AddOn",
    "AddOnPrice",
    "AreaRequest",
    "Booking",
    "CareRecord",
    "ChecklistTask",
    "Client",
    "ContactAttempt",
    "Delay",
    "DoNotSend",
    "FlagAnswer",
    "GivenBack",
    "HandOver",
    "Home",
    "HouseholdMember",
    "Incident",
    "KeptTime",
    "Offer",
    "Override",
    "Photo",
    "Quote",
    "Redo",
    "Rhythm",
    "SendAgain",
    "Series",
    "SeriesDay",
    "Service",
    "ServicePrice",
    "Shift",
    "Swap",
    "Talk",
    "Tap",
    "TapLook",
    "TapPlace",
    "TaskDone",
    "ThankYou",
    "Turn",
    "Visit",
    "WaitlistEntry",
]
