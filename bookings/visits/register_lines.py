"""What the register of members says of their work."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Sum
from django.utils.translation import gettext_lazy as _

from bookings.states import ShiftState
from bookings.visits.shifts.shifts import Shift
from coop.templatetags.coop import hours
from members.register.lines import Line, register

LATELY = timedelta(days=28)


def had(numbers: Collection[int], at: datetime) -> dict[int, str]:
    """The work of the last four weeks."""
    done = Shift.objects.filter(member__in=numbers, state=ShiftState.DONE, starts_at__range=(at - LATELY, at))
    length = ExpressionWrapper(F("ends_at") - F("starts_at"), DurationField())
    sums = done.values_list("member").annotate(time=Sum(length)).order_by()
    return {member: hours(time // timedelta(minutes=1)) for member, time in sums}


register("had", Line(_("had in four weeks"), had, in_list=True))
