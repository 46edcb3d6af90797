"""What a worker says from a visit."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookings.form_fields import Tiles, unless_same
from bookings.onsite.delays import MINUTES
from bookings.onsite.incidents.incidents import Incident
from bookings.onsite.photos import Photo
from bookings.onsite.taps import Tap
from bookings.visits.ending.lockouts import ContactAttempt
from bookings.visits.shifts.shifts import Shift
from coop.typed.fields import ClockField, LineField
from coop.web.images import PHOTO_ATTRS, PhotoField
from members.models import Member, User


def _minutes(minutes: int) -> str:
    return ngettext("%d minute", "%d minutes", minutes) % minutes


class DelayForm(forms.Form):
    """How late somebody comes: a button an answer."""

    minutes = forms.TypedChoiceField(
        label=_("How late, after the planned start?"),
        coerce=int,
        error_messages={
            "required": _("Please choose how many minutes."),
            "invalid_choice": _("Please choose how many minutes."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].choices = [(minutes, _minutes(minutes)) for minutes in MINUTES]  # type: ignore[attr-defined]


class People(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Members, by first name and initial."""

    def label_from_instance(self, member: Any) -> str:
        name: str = member.short_name
        return name


class IncidentForm(forms.Form):
    """What is wrong at a visit."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=Incident.Kind.choices,
        widget=Tiles,
        error_messages={"required": _("Please choose what it is.")},
    )
    words = forms.CharField(
        label=_("What happened?"),
        help_text=_(
            "Kept encrypted. Only you and those who look after such reports read it. "
            "Please write nothing about the client's health."
        ),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        error_messages={"required": _("Please say in a few words what happened.")},
    )
    left = forms.BooleanField(
        label=_("I left to be safe: my shift ends here."),
        help_text=_("You are paid by the members' rule, and nobody is charged by itself. It never counts against you."),
        required=False,
    )
    barred = People(
        label=_("Who must not read this?"),
        help_text=_(
            "Nobody reads a report about themselves, and nobody who was at that visit or lives there. "
            "If it is about somebody else, choose them: they do not hear of it."
        ),
        queryset=Member.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, by: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        others = Member.objects.here().exclude(user=by).select_related("user")
        self.fields["barred"].queryset = others.order_by("user__name", "pk")  # type: ignore[attr-defined]


class CloseIncidentForm(forms.Form):
    """What was done about a report."""

    outcome = forms.CharField(
        label=_("What was done?"),
        help_text=_("Kept encrypted. Whoever reported it reads this, too."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={"required": _("Please say what was done.")},
    )


class PhotoForm(forms.Form):
    """One photo, as it comes from a phone."""

    photo = PhotoField(widget=forms.FileInput(attrs=PHOTO_ATTRS | {"capture": "environment"}))
    moment = forms.ChoiceField(
        choices=Photo.Moment.choices, error_messages={"required": _("Please say whether it is before or after.")}
    )

    def take(self, shift: Shift, *, at: datetime, by: User) -> Photo:
        """Keep it, made anew."""
        photo = self.cleaned_data["photo"].read()
        return Photo.take(shift, photo=photo, moment=self.cleaned_data["moment"], at=at, by=by)


class ContactForm(forms.Form):
    """One try to reach the client."""

    how = forms.ChoiceField(
        label=_("What did you try?"),
        choices=ContactAttempt.How.choices,
        widget=Tiles,
        error_messages={"required": _("Please say what you tried.")},
    )
    note = LineField(
        label=_("What came of it?"),
        help_text=_("A few words, if you like. The office can read them."),
        max_length=200,
        required=False,
    )


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
