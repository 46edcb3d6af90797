"""Whom a member asks to take a shift, and for which of theirs."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bookings.turns.open_board import past
from bookings.turns.outside_hours.forms import in_words
from bookings.turns.swaps.swaps import Swap
from bookings.visits.shifts.shifts import Shift
from members.models import Member, User

MOST_OFFERED = 60


class Colleague(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Everybody else who works these weeks; who could not take it is not told apart."""

    def label_from_instance(self, member: Any) -> str:
        return str(member.short_name)


class SwapForm(forms.Form):
    """First a colleague, then one of their shifts in return, or nothing."""

    other = Colleague(label=_("Whom do you ask?"), queryset=Member.objects.none(), empty_label=_("Choose a colleague"))
    back = forms.TypedChoiceField(
        label=_("Which of theirs do you take in return?"),
        coerce=int,
        required=False,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "wide"}),
    )

    def __init__(self, *args: Any, shift: Shift, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shift = shift
        working = Member.objects.working().exclude(shifts=shift).select_related("user")
        self.fields["other"].queryset = working.order_by("user__name", "pk")  # type: ignore[attr-defined]
        self.chosen = self._chosen()
        self.theirs = {one.pk: one for one in _to_come(self.chosen, shift, at)} if self.chosen else {}
        nothing = ("", _("Nothing: they would do it for me"))
        self.fields["back"].choices = [nothing, *self._in_words(at)]  # type: ignore[attr-defined]

    def _in_words(self, at: datetime) -> list[tuple[int, str]]:
        """What the colleague could give, with what it would do to the hours of whoever asks."""
        shifts, asker = list(self.theirs.values()), self.shift.member
        hours = past(asker, shifts, at=at, instead=[self.shift] * len(shifts)) if asker and shifts else []
        return [
            (one.pk, f"{in_words(one)} · {said}" if said else str(in_words(one)))
            for one, said in zip(shifts, hours, strict=True)
        ]

    def _chosen(self) -> Member | None:
        """The colleague, as soon as one is chosen."""
        try:
            return self.fields["other"].clean(self.data.get("other"))  # type: ignore[no-any-return]
        except ValidationError:
            return None

    def ask(self, *, at: datetime, by: User) -> Swap:
        """Put the question to the colleague."""
        said = self.cleaned_data
        return Swap.ask(self.shift, other=said["other"], back=self.theirs.get(said["back"]), at=at, by=by)


def _to_come(member: Member, shift: Shift, at: datetime) -> list[Shift]:
    """What the colleague could give in return, soonest first."""
    accepted = Shift.objects.of(member).filter(state=Shift.State.ACCEPTED, starts_at__gt=at)
    return list(accepted.exclude(visit=shift.visit_id).with_related().order_by("starts_at", "pk")[:MOST_OFFERED])
