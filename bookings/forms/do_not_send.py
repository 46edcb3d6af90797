"""Asking that somebody is not sent again."""

from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from bookings.forms.pieces import Tiles
from bookings.models import DoNotSend, Visit
from members.models import Member, User


class DoNotSendForm(forms.Form):
    """Who should not come again, and why in a word. There is no room for free text: nothing private is collected."""

    member = forms.ChoiceField(label=gettext_lazy("Who?"), widget=Tiles)
    reason = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        choices=DoNotSend.Reason.choices,
        widget=Tiles,
        error_messages={"required": gettext_lazy("Please choose a reason.")},
    )

    def __init__(self, data: QueryDict | None = None, *, visit: Visit) -> None:
        super().__init__(data)
        self.visit = visit
        asked = DoNotSend.objects.standing().filter(client=visit.booking.client, placer=DoNotSend.Placer.CLIENT)
        done = set(asked.values_list("member", flat=True))
        self.people = {str(member.pk): member for member in visit.people() if member.pk not in done}
        self.fields["member"].choices = [  # type: ignore[attr-defined]
            (key, member.short_name) for key, member in self.people.items()
        ]

    @property
    def only(self) -> Member | None:
        """Whom it can be about, where there is just one."""
        return next(iter(self.people.values())) if len(self.people) == 1 else None

    def place(self, *, at: datetime, by: User) -> DoNotSend:
        return DoNotSend.place(
            client=self.visit.booking.client,
            member=self.people[self.cleaned_data["member"]],
            placer=DoNotSend.Placer.CLIENT,
            reason=self.cleaned_data["reason"],
            at=at,
            by=by,
        )
