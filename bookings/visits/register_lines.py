"""What the register of members says of their work."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Sum
from django.utils.formats import date_format
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


def without_credential(numbers: Collection[int], at: datetime) -> dict[int, str]:
    """Days of work that they said yes to, and on which they do not hold the certificate that it needs."""
    days: dict[int, list[str]] = {}
    for shift in Shift.objects.without_credential(at).filter(member__in=numbers).select_related("zip"):
        assert shift.member_id
        day = date_format(shift.starts_at.astimezone(shift.zone), "SHORT_DATE_FORMAT")
        days.setdefault(shift.member_id, []).append(day)
    return {member: ", ".join(said) for member, said in days.items()}


register("without_credential", Line(_("said yes, and their certificate ends before"), without_credential))
register("had", Line(_("had in four weeks"), had, in_list=True))
