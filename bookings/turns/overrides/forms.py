"""To whom a coordinator gives a shift instead of whoever's turn it is, and why."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.turns.explanations import in_short
from bookings.turns.overrides.overrides import Override
from bookings.visits.shifts.shifts import Shift
from coop.typed.text import isolate
from members.models import Member, User


class YesForm(forms.Form):
    """Who said yes on the phone. All who work stand here: what speaks against somebody is only looked at afterwards."""

    member = forms.ModelChoiceField(
        label=_("Who said yes?"), queryset=Member.objects.none(), empty_label=_("Choose somebody")
    )
    reason = forms.CharField(
        label=_("Why was it settled by phone?"),
        help_text=_("Every member reads this at once. Nothing about anybody's health or about who is not sent where."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, shift: Shift, by: User) -> None:
        super().__init__(data)
        self.shift = shift
        everybody = Member.objects.working().exclude(user=by).select_related("user")
        self.fields["member"].queryset = everybody.order_by("user__name")  # type: ignore[attr-defined]

    def write_down(self, *, at: datetime, by: User) -> Override:
        """It is theirs from now on."""
        said = self.cleaned_data
        return Override.note_yes(self.shift, to=said["member"], reason=said["reason"], at=at, by=by)


class GiveForm(forms.Form):
    """Whoever can do it, in the order of the turn; and the reason, which every member reads."""

    member = forms.TypedChoiceField(label=_("To whom?"), coerce=int, widget=forms.RadioSelect(attrs={"class": "wide"}))
    reason = forms.CharField(
        label=_("Why not whoever's turn it is?"),
        help_text=_("Every member reads this at once. Nothing about anybody's health or about who is not sent where."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, shift: Shift, at: datetime, by: User) -> None:
        super().__init__(data)
        self.shift = shift
        besides = {shift.member_id, by.membership.pk if by.membership else None}
        able = [one for one in shift.in_turn(at=at) if one.against in ("", "passed") and one.member not in besides]
        self.members = Member.objects.select_related("user").in_bulk([candidate.member for candidate in able])
        said = zip(able, in_short(able, at=at), strict=True)
        choices = [(one.member, isolate(f"{self.members[one.member].short_name}: {words}")) for one, words in said]
        self.fields["member"].choices = choices  # type: ignore[attr-defined]

    def give(self, *, at: datetime, by: User) -> Override:
        """Ask whoever was chosen."""
        receiver = self.members[self.cleaned_data["member"]]
        return Override.give(self.shift, to=receiver, reason=self.cleaned_data["reason"], at=at, by=by)
