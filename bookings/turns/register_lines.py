"""What the register of members says of accepted shifts that no longer fit."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from bookings.turns.outside_hours.forms import in_words
from bookings.turns.outside_hours.outside_hours import outside_hours
from members.models import Member
from members.register.lines import Line, register


def misfits(numbers: Collection[int], at: datetime) -> dict[int, str]:
    """Accepted shifts to come outside the hours, areas, languages or skills of each. Two queries a member."""
    found = {member.pk: outside_hours(member, at=at) for member in Member.objects.filter(pk__in=numbers)}
    return {member: "; ".join(in_words(shift) for shift in shifts) for member, shifts in found.items() if shifts}


register("misfits", Line(_("Accepted, and does not fit any more"), misfits, perm="bookings.coordinate"))
