"""What becomes of somebody's regular homes when they leave."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import ngettext

from bookings.series.series import Series
from members.models import Member
from members.standing.leaving_facts import Place, tells


@tells(Place.WORK)
def series_find_somebody_else(member: Member, _gone_on: date, _at: datetime) -> Iterator[str]:
    """Of how many homes they are the regular person."""
    if number := Series.objects.going().filter(regular=member).count():
        yield ngettext(
            "You are the regular person of %(number)d home: whoever takes its visits after you is that then.",
            "You are the regular person of %(number)d homes: whoever takes their visits after you is that then.",
            number,
        ) % {"number": number}
