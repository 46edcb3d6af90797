"""Forms of this room: who somebody is, and when they can work."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from django import forms
from django.conf import settings
from django.forms.utils import ErrorDict
from django.http import HttpRequest
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from coop.models import ZipCode
from members.models import Member, User
from members.models.time import Span

SPANS = 3
"""How many spans of one day the page has room for."""


class SignupForm(forms.Form):
    """What we ask of somebody new besides their e-mail address."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name and the language in which they came."""
        user.introduce(name=self.cleaned_data["name"], language=getattr(request, "LANGUAGE_CODE", "en"))


class MeForm(forms.Form):
    """What everybody can say about themselves."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES],
        widget=forms.RadioSelect,
    )


class MemberForm(MeForm):
    """What the co-op asks of those who work in it."""

    phone = PhoneNumberField(
        label=_("Phone"), required=False, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    zip = forms.CharField(
        label=_("Home ZIP code"),
        max_length=5,
        help_text=_("To plan your way to the first visit. Clients never see it."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
    )
    hours = forms.IntegerField(
        label=_("Hours of work you want a week"),
        min_value=0,
        max_value=60,
        help_text=_("Turns are shared by this: who has had the least of what they asked for is asked first."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def clean_zip(self) -> ZipCode:
        found = ZipCode.objects.filter(code=self.cleaned_data["zip"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("We do not know this ZIP code. It has five digits and lies where we work."))
        return found


class WeekForm(forms.Form):
    """The hours of a usual week: up to three spans a day, in quarter hours, one after another."""

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        week = member.week()
        for weekday, slot in ((weekday, slot) for weekday in range(7) for slot in range(SPANS)):
            span = week[weekday][slot] if slot < len(week[weekday]) else None
            words = {"day": WEEKDAYS[weekday], "number": slot + 1}
            self.fields[f"from_{weekday}_{slot}"] = _clock(_("%(day)s, from (%(number)d)") % words, span and span[0])
            self.fields[f"to_{weekday}_{slot}"] = _clock(_("%(day)s, to (%(number)d)") % words, span and span[1])

    @property
    def days(self) -> Iterator[dict[str, Any]]:
        """The form as the page shows it: a weekday, its first span, and the others."""
        for weekday in range(7):
            pairs = [(self[f"from_{weekday}_{slot}"], self[f"to_{weekday}_{slot}"]) for slot in range(SPANS)]
            more = any(field.value() or field.errors for pair in pairs[1:] for field in pair)
            yield {"name": WEEKDAYS[weekday], "first": pairs[0], "others": pairs[1:], "more": more}

    def clean(self) -> dict[str, Any]:
        for weekday in range(7):
            last = time.min
            for slot in range(SPANS):
                last = self._check(weekday, slot, last) or last
        return self.cleaned_data

    def _check(self, weekday: int, slot: int, last: time) -> time | None:
        starts, ends = (self.cleaned_data.get(f"{edge}_{weekday}_{slot}") for edge in ("from", "to"))
        field = f"to_{weekday}_{slot}"
        if (starts is None) != (ends is None) and not self._broken(weekday, slot):
            self.add_error(field, _("Please give both times, or neither."))
        elif starts and ends and ends <= starts:
            self.add_error(field, _("The end must be later than the start."))
        elif starts and starts < last:
            self.add_error(field, _("This begins before the time above it ends."))
        return ends

    def _broken(self, weekday: int, slot: int) -> bool:
        errors: ErrorDict = self.errors
        return any(f"{edge}_{weekday}_{slot}" in errors for edge in ("from", "to"))

    def spans(self) -> list[Span]:
        """The week as it was filled in: weekday, start, end."""
        found = []
        for weekday, slot in ((weekday, slot) for weekday in range(7) for slot in range(SPANS)):
            starts, ends = (self.cleaned_data[f"{edge}_{weekday}_{slot}"] for edge in ("from", "to"))
            if starts and ends:
                found.append(Span(weekday, starts, ends))
        return found


def _clock(label: str, value: time | None) -> forms.TimeField:
    return QuarterField(
        label=label,
        required=False,
        initial=value,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 900, "aria-label": label}),
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

    starts_on = forms.DateField(label=_("First day off"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Last day off"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        first, last = (self.cleaned_data.get(name) for name in ("starts_on", "ends_on"))
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        return self.cleaned_data
