"""Putting the record of a care visit right, and choosing its month."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.care.records import CareRecord, Correction
from bookings.form_fields import near, unless_same
from coop.typed.fields import ClockField, DayField, LineField, NameField
from members.models import User


class CareForm(forms.Form):
    """What it was, and why that is put right; an end that is earlier in the day than the start is of the next day."""

    recipient = NameField(label=_("Who received it?"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    street = LineField(label=_("Where?"), max_length=200)
    day = DayField(label=_("Which day?"))
    starts = ClockField(label=_("From"))
    ends = ClockField(label=_("Until"))
    reason = LineField(
        label=_("Why is it put right?"),
        help_text=_("It stays in the record. Please write nothing about anybody's health."),
        max_length=300,
    )

    @classmethod
    def about(cls, record: CareRecord, data: Any = None) -> "CareForm":
        """The form as the record stands now."""
        start, end = (moment.astimezone(record.zone) for moment in (record.starts_at, record.ends_at))
        times = {"day": start.date(), "starts": start.time(), "ends": end.time()}
        return cls(data, initial={"recipient": record.recipient, "street": record.street, **times})

    def clean_day(self) -> date:
        return near(self.cleaned_data["day"])

    def edit(self, record: CareRecord, *, at: datetime, by: User) -> None:
        """Write the next number. A time that was not touched keeps its seconds."""
        record.edit(self._told(record), reason=self.cleaned_data["reason"], at=at, by=by)

    def _told(self, record: CareRecord) -> Correction:
        facts = self.cleaned_data
        starts_at = datetime.combine(facts["day"], facts["starts"], record.zone)
        ends_at = datetime.combine(facts["day"], facts["ends"], record.zone)
        if facts["ends"] < facts["starts"]:
            ends_at += timedelta(days=1)
        return Correction(
            recipient=facts["recipient"],
            street=facts["street"],
            starts_at=unless_same(record.starts_at, starts_at),
            ends_at=unless_same(record.ends_at, ends_at),
        )


class MonthForm(forms.Form):
    """Which month; this one where nothing that makes sense is said."""

    month = forms.DateField(required=False, input_formats=["%Y-%m"])

    def chosen(self, *, today: date) -> date:
        """A day of it."""
        asked = self.cleaned_data.get("month") if self.is_valid() else None
        return asked if asked and 2000 <= asked.year < 2100 else today
