"""What pages of this room say about shifts and visits as they stand at this moment."""

from django import template
from django.utils import timezone

from bookings.visits.shifts.shifts import Shift
from bookings.visits.shifts.vacancies import Vacancy, is_near
from bookings.visits.visits import Visit
from coop.policies import Text

register = template.Library()


@register.filter
def vacancy(shift: Shift) -> Vacancy | None:
    """How somebody is looked for now: {{ shift|vacancy }} is nothing when somebody has it."""
    return shift.vacancy(timezone.now())


@register.filter
def vacancy_words(shift: Shift) -> Text:
    """The same in the words that members read."""
    found = vacancy(shift)
    return found.label if found else ""


@register.filter
def is_at_hand(shift: Shift) -> bool:
    """Is it so near, or past, that nobody is asked in turn any more?"""
    return is_near(shift.starts_at, at=timezone.now())


@register.filter
def looked_for(visit: Visit) -> Text:
    """What a household reads about the parts of its visit that nobody has yet; empty when there are none."""
    return visit.looked_for(timezone.now())


@register.filter
def is_short(visit: Visit) -> bool:
    """Has its time come, or nearly, with nobody who is sure to come?"""
    return not visit.booking.client.is_claimed and visit.is_short(timezone.now())
