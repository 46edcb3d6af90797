"""What is offered, to whom, when, by whose hands."""

from bookings.aftercare.redos import Redo
from bookings.aftercare.safety_talks import Talk
from bookings.aftercare.thanks import ThankYou
from bookings.care.records import CareRecord
from bookings.catalog.area_changes import AreaChange
from bookings.catalog.bookable_hours import BookableHours
from bookings.catalog.closed_days import ClosedDay
from bookings.catalog.door.door_signs import DoorSign
from bookings.catalog.extras import AddOn
from bookings.catalog.prices import AddOnPrice, ServicePrice
from bookings.catalog.services import Service
from bookings.catalog.wages.least_wages import LeastWage
from bookings.checkout.area_requests import AreaRequest
from bookings.checkout.kept_times import KeptTime
from bookings.checkout.waitlist import WaitlistEntry
from bookings.fairness.flag_answers import FlagAnswer
from bookings.households.clients import Client, Home
from bookings.households.do_not_send import DoNotSend
from bookings.households.housemates import HouseholdMember
from bookings.households.note_views import AccessView
from bookings.households.send_again import SendAgain
from bookings.onsite.checklists.checklists import ChecklistTask, TaskDone
from bookings.onsite.delays import Delay
from bookings.onsite.incidents.incidents import Incident
from bookings.onsite.photos import Photo
from bookings.onsite.taps import Tap, TapLook, TapPlace
from bookings.series.days import Rhythm, SeriesDay
from bookings.series.series import Series
from bookings.turns.day_handovers import HandOver
from bookings.turns.given_back import GivenBack
from bookings.turns.offers.offers import Offer, Turn
from bookings.turns.overrides.overrides import Override
from bookings.turns.swaps.swaps import Swap
from bookings.visits.bookings import Booking
from bookings.visits.ending.lockouts import ContactAttempt
from bookings.visits.extras import BookingExtra, QuoteExtra
from bookings.visits.quotes import Quote
from bookings.visits.shifts.shifts import Shift
from bookings.visits.visits import Visit

__all__ = [
    "AccessView",
    "AddOn",
    "AddOnPrice",
    "AreaChange",
    "AreaRequest",
    "BookableHours",
    "Booking",
    "BookingExtra",
    "CareRecord",
    "ChecklistTask",
    "Client",
    "ClosedDay",
    "ContactAttempt",
    "Delay",
    "DoNotSend",
    "DoorSign",
    "FlagAnswer",
    "GivenBack",
    "HandOver",
    "Home",
    "HouseholdMember",
    "Incident",
    "KeptTime",
    "LeastWage",
    "Offer",
    "Override",
    "Photo",
    "Quote",
    "QuoteExtra",
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
