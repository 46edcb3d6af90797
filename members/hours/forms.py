"""Forms about when somebody takes work: the usual week, one day that differs, days off."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import DayField
from members.people.members import Member
from members.people.spans import Span, Weeks

SPANS = 4
"""How many spans of one day a page has room for."""

Asked = tuple[time | None, time | None, str]
"""One span as it was filled in: from, to, in which weeks."""


class SpansForm(forms.Form):
    """Spans of a day, in quarters of an hour. The fields of day `n` are from_n_0, to_n_0, from_n_1 and so on."""

    def add_span(self, day: object, slot: int, *, name: str, span: tuple[time | None, time | None]) -> None:
        """Room for one more span of a day that people call `name`."""
        words = {"day": name, "number": slot + 1}
        self.fields[f"from_{day}_{slot}"] = _clock(_("%(day)s, from (%(number)d)") % words, span[0])
        self.fields[f"to_{day}_{slot}"] = _clock(_("%(day)s, to (%(number)d)") % words, span[1])

    def asked(self, day: object) -> list[Asked]:
        """The spans of a day as they were filled in, empty ones as well."""
        said = self.cleaned_data
        return [
            (
                said.get(f"from_{day}_{slot}"),
                said.get(f"to_{day}_{slot}"),
                said.get(f"weeks_{day}_{slot}") or Weeks.EVERY.value,
            )
            for slot in range(SPANS)
        ]

    def check_day(self, day: object) -> None:
        """Spans have two ends and come one after another in every week in which they come back."""
        last = dict.fromkeys((Weeks.A.value, Weeks.B.value), time.min)
        for slot, (starts, ends, weeks) in enumerate(self.asked(day)):
            field = f"to_{day}_{slot}"
            both = [weeks] if weeks in last else list(last)
            if (starts is None) != (ends is None) and not self._broken(day, slot):
                self.add_error(field, _("Please give both times, or neither."))
            elif starts and ends and ends <= starts:
                self.add_error(field, _("The end must be later than the start."))
            elif starts and starts < max(last[week] for week in both):
                self.add_error(field, _("This begins before the time above it ends."))
            if ends:
                last.update(dict.fromkeys(both, ends))

    def _broken(self, day: object, slot: int) -> bool:
        return any(f"{edge}_{day}_{slot}" in self.errors for edge in ("from", "to"))


class WeekForm(SpansForm):
    """The hours of a usual week, all weeks alike or A and B in turn; and whether holidays are days like others."""

    holidays = forms.BooleanField(label=_("I take work on public holidays, too"), label_suffix="", required=False)

    def __init__(self, data: Any, *, member: Member) -> None:
        super().__init__(data, initial={"holidays": member.works_on_holidays})
        week = member.week()
        for weekday, slot in ((weekday, slot) for weekday in range(7) for slot in range(SPANS)):
            span = week[weekday][slot] if slot < len(week[weekday]) else None
            name = str(WEEKDAYS[weekday])
            self.add_span(weekday, slot, name=name, span=(span.starts, span.ends) if span else (None, None))
            self.fields[f"weeks_{weekday}_{slot}"] = _weeks(name, slot, span.weeks if span else Weeks.EVERY.value)

    @property
    def days(self) -> Iterator[dict[str, Any]]:
        """The form as the page shows it: a weekday, its first span, and the others."""
        for weekday in range(7):
            spans = [[self[f"{part}_{weekday}_{slot}"] for part in ("from", "to", "weeks")] for slot in range(SPANS)]
            more = any(field.value() or field.errors for span in spans[1:] for field in span[:2])
            yield {"name": WEEKDAYS[weekday], "first": spans[0], "others": spans[1:], "more": more}

    def clean(self) -> dict[str, Any]:
        for weekday in range(7):
            self.check_day(weekday)
        return self.cleaned_data

    def spans(self) -> list[Span]:
        """The week as it was filled in."""
        return [
            Span(weekday, starts, ends, weeks)
            for weekday in range(7)
            for starts, ends, weeks in self.asked(weekday)
            if starts and ends
        ]


class OtherHoursForm(SpansForm):
    """The hours of one day that differs from the usual week; left empty, no work on it."""

    day = DayField(label=_("Which day?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for slot in range(SPANS):
            self.add_span("day", slot, name=str(_("That day")), span=(None, None))

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """Room for spans, as the page shows it."""
        return [[self[f"{edge}_day_{slot}"] for edge in ("from", "to")] for slot in range(SPANS)]

    def clean(self) -> dict[str, Any]:
        self.check_day("day")
        return self.cleaned_data

    def spans(self) -> list[tuple[time, time]]:
        return [(starts, ends) for starts, ends, _weeks in self.asked("day") if starts and ends]


def _clock(label: str, value: time | None) -> forms.TimeField:
    return QuarterField(
        label=label,
        required=False,
        initial=value,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 900, "aria-label": label}),
    )


def _weeks(day: str, slot: int, value: str) -> forms.ChoiceField:
    label = _("%(day)s, in which weeks (%(number)d)") % {"day": day, "number": slot + 1}
    return forms.ChoiceField(
        label=label,
        required=False,
        initial=value,
        choices=Weeks.choices,
        widget=forms.Select(attrs={"aria-label": label}),
    )


class QuarterField(forms.TimeField):
    """A time of day on a quarter of an hour: the calendar counts in quarters."""

    def clean(self, value: Any) -> time | None:
        moment: time | None = super().clean(value)
        if moment and (moment.minute % 15 or moment.second or moment.microsecond):
            raise forms.ValidationError(_("Please use full quarters of an hour, like 8:00 or 8:15."))
        return moment


class LeaveForm(forms.Form):
    """Days off, first and last included."""

    starts_on = DayField(label=_("First day off"))
    ends_on = DayField(label=_("Last day off"))

    def clean(self) -> dict[str, Any]:
        first, last = (self.cleaned_data.get(name) for name in ("starts_on", "ends_on"))
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        return self.cleaned_data
