"""What the office asks for and says: which week, another time, a day that somebody cannot work, whom it looks for."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.form_fields import FAR, near
from bookings.matching.errors import TimeTaken
from bookings.turns.day_handovers import HandOver
from bookings.visits.visits import Visit
from coop.errors import Refusal
from coop.typed.fields import DayField, LineField
from members.models import Member, User

MOST_DAYS_OFF = timedelta(days=92)


class WeekForm(forms.Form):
    """Which week to look at, and in which order."""

    BY = (("people", gettext_lazy("By person")), ("areas", gettext_lazy("By area")))

    first = DayField(label=gettext_lazy("Week of"), required=False)
    by = forms.ChoiceField(label=gettext_lazy("Order"), choices=BY, required=False)

    def clean_first(self) -> date | None:
        day: date | None = self.cleaned_data["first"]
        return near(day) if day else None

    @property
    def day(self) -> date:
        """The day asked for, or today."""
        self.is_valid()
        return self.cleaned_data.get("first") or timezone.localdate()

    @property
    def by_area(self) -> bool:
        self.is_valid()
        return self.cleaned_data.get("by") == "areas"


class ChangeTimeForm(forms.Form):
    """Another time for a visit, in the home's local time. After it turned out to be taken, `nearest` are others."""

    day = DayField(label=gettext_lazy("Day"))
    time = forms.TimeField(
        label=pgettext_lazy("of day", "Time"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 900}),
    )
    note = LineField(label=gettext_lazy("Why?"), help_text=gettext_lazy("Members can read this."), max_length=200)
    other = forms.DateTimeField(required=False)

    def __init__(self, data: Any = None, *, visit: Visit, day: date | None = None) -> None:
        local = visit.starts_at.astimezone(visit.booking.home.zone)
        super().__init__(data, initial={"day": day or local.date(), "time": local.time()})
        self.visit = visit
        self.nearest: list[datetime] = []

    def clean_day(self) -> date:
        return near(self.cleaned_data["day"])

    def clean_other(self) -> datetime | None:
        other: datetime | None = self.cleaned_data["other"]
        if other and not -FAR < other - timezone.now() < FAR:
            raise forms.ValidationError(_("Please choose one of these times."))
        return other

    @property
    def starts_at(self) -> datetime:
        """The time that was chosen: one of the nearest, or what the fields say."""
        said = self.cleaned_data
        clock: time = said["time"]
        return said.get("other") or datetime.combine(said["day"], clock, self.visit.booking.home.zone)

    def change(self, *, at: datetime, by: User) -> bool:
        """Move the visit, if it can be."""
        if not self.is_valid():
            return False
        try:
            self.visit.move(self.starts_at.astimezone(UTC), at=at, by=by, note=self.cleaned_data["note"])
        except TimeTaken as taken:
            self.nearest = taken.nearest
            self.add_error(None, _("Not enough people can come then. These times are the nearest that work."))
            return False
        except Refusal as refusal:
            self.add_error(None, str(refusal))
            return False
        return True


class HandOverForm(forms.Form):
    """Who cannot work on which days. Why is nobody's business here: nothing about anybody's health is kept."""

    member = forms.ModelChoiceField(
        label=gettext_lazy("Who?"), queryset=Member.objects.none(), empty_label=gettext_lazy("Choose somebody")
    )
    day = DayField(label=gettext_lazy("First day"))
    last = DayField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Leave it empty if it is that day only.")
    )

    def __init__(self, data: Any = None, *, by: User) -> None:
        super().__init__(data, initial={"day": timezone.localdate(), "member": by.membership})
        office = "coordinator" in by.acting_roles
        everybody = Member.objects.working() if office else Member.objects.filter(user=by)
        self.fields["member"].queryset = everybody.select_related("user").order_by("user__name")  # type: ignore[attr-defined]
        if not office:
            self.fields["member"].disabled = True
            self.fields["member"].widget = forms.HiddenInput()

    def clean_day(self) -> date:
        return near(self.cleaned_data["day"])

    def clean_last(self) -> date | None:
        last: date | None = self.cleaned_data["last"]
        if last and "day" in self.cleaned_data and last < self.cleaned_data["day"]:
            raise forms.ValidationError(_("The last day is before the first one."))
        if last and last - timezone.localdate() > MOST_DAYS_OFF:
            raise forms.ValidationError(_("That is more than three months ahead. For longer, take leave as a member."))
        return last

    def begin(self, *, at: datetime, by: User) -> HandOver:
        """Hand everything over."""
        said = self.cleaned_data
        return HandOver.begin(said["member"], day=said["day"], last=said["last"], at=at, by=by)


class BackForm(forms.Form):
    """From which day on somebody works again."""

    on = DayField(label=gettext_lazy("From which day on?"))


class SearchForm(forms.Form):
    """Whom or what the office looks for."""

    q = LineField(
        label=gettext_lazy("Name, phone, e-mail, street, ZIP code or number of a visit"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    @property
    def wanted(self) -> str:
        return str(self.cleaned_data["q"]).strip() if self.is_valid() else ""
