"""A client changes their mind: another time, or no visit after all. What was shown comes back with the click."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.checkout.step_forms import TimeForm
from bookings.matching.errors import TimeTaken
from bookings.visits.visits import Visit
from coop.errors import Refusal
from members.models import User

SHOWN = {"required": _("Please look at what it costs once more."), "invalid": _("Please look once more.")}


class MoveForm(TimeForm):
    """Another time at a price that was shown. After it turned out to be taken, `nearest` are others."""

    cents = forms.IntegerField(
        min_value=0,
        max_value=10_000_000,
        widget=forms.HiddenInput,
        error_messages=SHOWN,
    )

    def move(self, visit: Visit, *, at: datetime, by: User) -> bool:
        """Move the visit, or say why not."""
        if not self.is_valid():
            return False
        wanted, cents = self.cleaned_data["starts_at"], self.cleaned_data["cents"]
        try:
            visit.move_for_client(wanted, expected_cents=cents, at=at, by=by)
        except TimeTaken as taken:
            self.nearest = taken.nearest
            self.add_error("starts_at", str(taken))
        except Refusal as no:
            self.add_error(None, str(no))
        return not self.errors


class CancelForm(forms.Form):
    """No visit after all, for a fee that was shown."""

    cents = forms.IntegerField(
        min_value=0,
        max_value=10_000_000,
        widget=forms.HiddenInput,
        error_messages=SHOWN,
    )
