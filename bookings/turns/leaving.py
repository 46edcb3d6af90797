"""What becomes of somebody's work when they leave."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import ngettext

from bookings.turns.standings import shifts_from
from members.models import Member
from members.standing.leaving_facts import Place, tells


@tells(Place.WORK)
def shifts_go_on(member: Member, gone_on: date, _at: datetime) -> Iterator[str]:
    """The shifts of the time after it."""
    if number := shifts_from(member, gone_on):
        yield ngettext(
            "%(number)d shift from %(day)s on goes to somebody else at once; those before stay yours.",
            "%(number)d shifts from %(day)s on go to others at once; those before stay yours.",
            number,
        ) % {"number": number, "day": date_format(gone_on)}
