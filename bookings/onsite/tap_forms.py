"""What a phone sends of a tap at the door or of what is wrong. What makes no sense is left out: it never blocks."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from bookings.onsite.incidents.incidents import Incident
from bookings.onsite.tap_rules import Place, Said
from bookings.onsite.taps import Tap
from bookings.visits.shifts.shifts import Shift
from members.models import Member, User

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_WORDS = 1000
IN_2100 = 4_102_444_800_000
AROUND_THE_WORLD = 40_000_000
SALT = "a finish that was asked about"
LONGEST_QUESTION = timedelta(hours=1)


class Perhaps(forms.FloatField):
    """A number between bounds, or None: also where what was sent is none."""

    def __init__(self, least: float, most: float) -> None:
        super().__init__(required=False, min_value=least, max_value=most)

    def clean(self, value: Any) -> float | None:
        try:
            number: float | None = super().clean(value)
        except ValidationError:
            return None
        return number


class TapForm(forms.Form):
    """One tap; the moments are milliseconds by the phone's clock, the accuracy is in meters."""

    uuid = forms.UUIDField()
    shift = forms.ModelChoiceField(queryset=Shift.objects.none())
    kind = forms.ChoiceField(choices=Tap.Kind.choices)
    device_at = Perhaps(0, IN_2100)
    sent_at = Perhaps(0, IN_2100)
    latitude = Perhaps(-90, 90)
    longitude = Perhaps(-180, 180)
    accuracy = Perhaps(0, AROUND_THE_WORLD)

    def __init__(self, data: Any, *, member: Member) -> None:
        super().__init__(data)
        self.fields["shift"].queryset = Shift.objects.once_of(member)  # type: ignore[attr-defined]

    def deliver(self, *, at: datetime, by: User) -> Tap:
        """Keep it, and do what it says."""
        facts = self.cleaned_data
        return Tap.deliver(facts["uuid"], shift=facts["shift"], kind=facts["kind"], said=self._said(), at=at, by=by)

    def _said(self) -> Said:
        facts = self.cleaned_data
        place = (facts["latitude"], facts["longitude"], facts["accuracy"])
        known = None if None in place else Place(place[0], place[1], round(place[2]))
        return Said(_moment(facts["device_at"]), _moment(facts["sent_at"]), known)


class FinishForm(forms.Form):
    """A finish from a page: whether it is `sure`, and when it was tapped if that was before a question."""

    sure = forms.BooleanField(required=False)
    tapped = forms.CharField(required=False)

    def said(self, shift: Shift, *, at: datetime) -> Said:
        """When it was tapped, if this page's own word for it is not older than a question may be; else now."""
        try:
            pk, tapped = signing.loads(self.data.get("tapped", ""), salt=SALT, max_age=LONGEST_QUESTION)
        except signing.BadSignature:
            return Said()
        moment = datetime.fromisoformat(tapped)
        return Said(device_at=moment, sent_at=at) if pk == shift.pk and moment <= at else Said()

    @staticmethod
    def kept(shift: Shift, *, at: datetime) -> str:
        """This tap, to be sent again with the answer."""
        return signing.dumps([shift.pk, at.isoformat()], salt=SALT)


class ReportForm(forms.Form):
    """What is wrong, as it waited on a phone; whatever kind it was sent as, and cut where it is too long."""

    uuid = forms.UUIDField()
    shift = forms.ModelChoiceField(queryset=Shift.objects.none())
    kind = forms.CharField(required=False)
    words = forms.CharField(required=False, widget=forms.Textarea)
    left = forms.BooleanField(required=False)
    barred = forms.CharField(required=False)
    device_at = Perhaps(0, IN_2100)
    sent_at = Perhaps(0, IN_2100)

    def __init__(self, data: Any, *, member: Member) -> None:
        super().__init__(data)
        self.fields["shift"].queryset = Shift.objects.once_of(member)  # type: ignore[attr-defined]

    def clean_barred(self) -> list[Member]:
        """Who must not read it, by numbers with commas between them."""
        numbers = [int(one) for one in self.cleaned_data["barred"].split(",") if one.isdecimal() and len(one) < 16]
        return list(Member.objects.filter(pk__in=numbers))

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        return kind if kind in Incident.Kind.values else Incident.Kind.OTHER

    def deliver(self, *, at: datetime, by: User) -> Incident:
        """Keep it, and end the shift if they left."""
        said = self.cleaned_data
        left_at = Said(_moment(said["device_at"]), _moment(said["sent_at"])).moment(at) if said["left"] else None
        facts = {"shift": said["shift"], "kind": said["kind"], "words": said["words"][:MOST_WORDS], "left_at": left_at}
        return Incident.deliver(said["uuid"], **facts, barred=said["barred"], at=at, by=by)


def _moment(milliseconds: float | None) -> datetime | None:
    return None if milliseconds is None else EPOCH + timedelta(milliseconds=milliseconds)
