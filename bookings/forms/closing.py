"""From when until when somebody was at a visit, where nobody tapped."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.care import unless_same
from bookings.models import Shift, Tap
from coop.fields import ClockField, LineField
from members.models import User


class TimesForm(forms.Form):
    """An end that is earlier in the day than the start is of the next day. The worker themselves need no reason."""

    starts = ClockField(label=_("From"))
    ends = ClockField(label=_("Until"))
    reason = LineField(
        label=_("How do you know, and why was it not tapped?"),
        help_text=_("The client and whoever was there read this."),
        max_length=300,
    )

    @classmethod
    def about(cls, shift: Shift, data: Any, *, own: bool) -> "TimesForm":
        """With the tapped start, else the planned times."""
        start, end = (moment.astimezone(shift.zone) for moment in (shift.started_at or shift.starts_at, shift.ends_at))
        form = cls(data, initial={"starts": start.time(), "ends": end.time()})
        form.fields["reason"].required = not own
        return form

    def write(self, shift: Shift, *, at: datetime, by: User) -> None:
        """Write it down, for both to read."""
        facts, day = self.cleaned_data, (shift.started_at or shift.starts_at).astimezone(shift.zone).date()
        starts_at = datetime.combine(day, facts["starts"], shift.zone)
        ends_at = datetime.combine(day, facts["ends"], shift.zone)
        if facts["ends"] < facts["starts"]:
            ends_at += timedelta(days=1)
        was = unless_same(shift.started_at or starts_at, starts_at)
        Tap.by_hand(shift, started_at=was, done_at=ends_at, reason=facts["reason"], at=at, by=by)
