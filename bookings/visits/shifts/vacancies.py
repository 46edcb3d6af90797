"""The one reading of a shift that nobody has: how somebody is looked for at a moment, and the words for it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.policies import ASK_ALL_MINUTES, TAKE_LATE_MINUTES
from bookings.states import ShiftState
from coop.policies import Text, values

if TYPE_CHECKING:
    from bookings.visits.shifts.base import ShiftBase


class Vacancy(models.TextChoices):
    """How somebody is looked for; the words are those that members read.

    Near the start, and for a while after it, nobody is asked one by one: all are asked, and who takes it has it.
    """

    WAITS = "waits", _("It waits for whoever takes the first visit of these: then it is theirs, too.")
    NEXT = "next", _("Nobody has been asked yet. Whose turn it is will be asked next.")
    ASKED = "asked", _("Somebody is asked.")
    BOARD = "board", _("On the open board.")
    ALL = "all", _("Everybody who is free is asked at once. Whoever takes it has it.")
    OVER = "over", _("It is too late for anybody to take it.")

    @property
    def for_client(self) -> Text:
        """The same as a household reads it under “Who comes”.

        One sentence for somebody is asked and nobody can be: else it would read at once, when it has booked or moved
        to a time that was to be had, that whoever is free then does not want to come to it.
        """
        return FOR_CLIENTS.get(self, _("Nobody has said yes yet; we go on asking"))

    @property
    def is_near(self) -> bool:
        """Is it so near, or past, that nobody is asked in turn any more?"""
        return self in (Vacancy.ALL, Vacancy.OVER)


FOR_CLIENTS: dict[Vacancy, Text] = {
    Vacancy.ALL: _("Nobody has said yes yet; we are asking everybody who is free right now"),
    Vacancy.OVER: _("Nobody could come. You owe nothing"),
}


def _rules(at: datetime) -> tuple[timedelta, timedelta]:
    """How long before the start all are asked, and how long after it somebody may still take it."""
    found = values(timezone.localdate(at), (ASK_ALL_MINUTES, TAKE_LATE_MINUTES))
    return timedelta(minutes=found[ASK_ALL_MINUTES.key]), timedelta(minutes=found[TAKE_LATE_MINUTES.key])


def is_near(starts_at: datetime, *, at: datetime) -> bool:
    """Are all asked at once for what begins then?"""
    return at >= starts_at - _rules(at)[0]


def vacancy_of(part: "ShiftBase", *, at: datetime) -> Vacancy | None:
    """How somebody is looked for; None for what somebody has, and for what is off."""
    if part.state == part.State.OFFERED:
        return Vacancy.ASKED
    if part.state != part.State.OPEN or not part.is_confirmed:
        return None
    near, late = _rules(at)
    if at >= min(part.ends_at, part.starts_at + late):
        return Vacancy.OVER
    if at >= part.starts_at - near:
        return Vacancy.ALL
    if part.asked_at:
        return Vacancy.BOARD
    series = part.series
    waits = series is not None and series.regular_id is None and series.waits_until > at
    return Vacancy.WAITS if waits else Vacancy.NEXT


def vacancy_sql(at: datetime) -> Case:
    """The same in the database, for shifts that are open or offered in bookings that stand."""
    near, late = _rules(at)
    series = "visit__booking__series"
    return Case(
        When(state=ShiftState.OFFERED, then=Value(Vacancy.ASKED.value)),
        When(Q(ends_at__lte=at) | Q(starts_at__lte=at - late), then=Value(Vacancy.OVER.value)),
        When(starts_at__lte=at + near, then=Value(Vacancy.ALL.value)),
        When(asked_at__isnull=False, then=Value(Vacancy.BOARD.value)),
        When(**{f"{series}__regular": None, f"{series}__waits_until__gt": at}, then=Value(Vacancy.WAITS.value)),
        default=Value(Vacancy.NEXT.value),
        output_field=models.CharField(),
    )


def entered(at: datetime) -> Q:
    """Shifts that came near since somebody was asked for them last."""
    return Q(asked_at__lt=F("starts_at") - _rules(at)[0])
