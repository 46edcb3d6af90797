"""Steps 2 and 4 of booking: when, and a last look."""

from datetime import date, datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.checkout.kept_times import KeptTime, Visitor
from bookings.households.clients import Client
from bookings.matching.errors import TimeTaken
from bookings.visits.bookings import Booking
from bookings.visits.quotes import Quote
from coop.errors import Refusal
from members.models import User

FAR = timedelta(days=400)


class ScreenForm(forms.Form):
    """Which days to look at."""

    first = forms.DateField(required=False, input_formats=["%Y-%m-%d"])

    @property
    def day(self) -> date | None:
        return self.cleaned_data.get("first") if self.is_valid() else None


class TimeForm(forms.Form):
    """Step 2: when. After a time turned out to be taken, `nearest` are others to choose from.

    `refused` when no other time can be had either: this visitor keeps as many as one may, or we do not come that day.
    """

    starts_at = forms.DateTimeField(
        error_messages={
            "required": gettext_lazy("Please choose a time."),
            "invalid": gettext_lazy("Please choose one of these times."),
        }
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.nearest: list[datetime] = []
        self.refused = False

    def clean_starts_at(self) -> datetime:
        starts_at: datetime = self.cleaned_data["starts_at"]
        if not -FAR < starts_at - timezone.now() < FAR:
            raise ValidationError(_("Please choose one of these times."))
        return starts_at

    @property
    def moment(self) -> datetime | None:
        """The time, if one was chosen that makes sense."""
        return self.cleaned_data.get("starts_at") if self.is_valid() else None

    def choose(self, draft: Quote, *, at: datetime, client: Client | None, who: Visitor | None = None) -> bool:
        """Keep the time for this draft, if it can still be had; `who` is a visitor whose kept times are limited."""
        if not self.is_valid():
            return False
        try:
            if who:
                KeptTime.ask(draft, who, at=at)
            draft.choose_time(self.cleaned_data["starts_at"], at=at, client=client)
        except Refusal as refusal:
            if refusal.field != "starts_at":
                raise
            self.refused = not isinstance(refusal, TimeTaken)
            self.nearest = refusal.nearest if isinstance(refusal, TimeTaken) else []
            self.add_error("starts_at", str(refusal))
            return False
        return True


class TermsForm(forms.Form):
    """Step 4: a last look. After the time turned out to be taken, `nearest` are others to choose from.

    `refused` when nobody comes on that day at all: it was closed meanwhile.
    """

    agreed = forms.BooleanField(
        label=gettext_lazy("I have read this, and I agree."),
        error_messages={"required": gettext_lazy("Please say that you agree before you book.")},
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.nearest: list[datetime] = []
        self.lapsed = self.refused = False

    def book(self, draft: Quote, *, at: datetime, by: User | None) -> Booking | None:
        """The booking, or None with the reason as this form's error."""
        if not self.is_valid():
            return None
        try:
            return Booking.request(draft, at=at, by=by)
        except TimeTaken as taken:
            self.nearest, self.lapsed = taken.nearest, taken.lapsed
            self.add_error(None, str(taken))
        except Refusal as refusal:
            if refusal.field != "starts_at":
                raise
            self.refused = True
            self.add_error(None, str(refusal))
        return None
