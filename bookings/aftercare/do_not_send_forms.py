"""Asking that somebody is not sent again, or not to be sent somewhere."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from bookings.form_fields import Tiles
from bookings.households.clients import Client
from bookings.households.do_not_send import DoNotSend
from bookings.visits.visits import Visit
from members.models import Member, User

WHO_THEY_ARE = "who_they_are"
"""Looked for by some, obeyed for nobody: it leads to an explanation and is kept nowhere."""
PROTECTED = (
    WHO_THEY_ARE,
    gettext_lazy("Something about who they are: race, origin, religion, sex, age, disability"),
)
Reason = DoNotSend.Reason
AT_A_HOME = [
    (Reason.QUALITY, gettext_lazy("The work that was asked for, or the home")),
    (Reason.CONDUCT, gettext_lazy("How somebody there behaved")),
    (Reason.SCHEDULE, gettext_lazy("Times that did not hold, or nobody at the door")),
    (Reason.LANGUAGE, gettext_lazy("We could not understand each other")),
    (Reason.OTHER, gettext_lazy("Another reason")),
]


class ReasonForm(forms.Form):
    """Why, in a word. There is no room for free text: nothing private is collected."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        choices=[*Reason.choices, PROTECTED],
        widget=Tiles,
        error_messages={"required": gettext_lazy("Please choose a reason.")},
    )

    @property
    def is_about_who_they_are(self) -> bool:
        """Is it a wish that the law and we refuse? Then it is explained, and nothing of it is kept."""
        return self.data.get("reason") == WHO_THEY_ARE


class RefusalForm(ReasonForm):
    """A member does not go to a home."""

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["reason"].choices = [*AT_A_HOME, PROTECTED]  # type: ignore[attr-defined]

    def place(self, client: Client, member: Member, *, at: datetime, by: User) -> DoNotSend:
        reason = self.cleaned_data["reason"]
        return DoNotSend.place(
            client=client, member=member, placer=DoNotSend.Placer.MEMBER, reason=reason, at=at, by=by
        )


class KeepAwayForm(ReasonForm):
    """A household does not want somebody at its homes, whom it knows already."""

    def place(self, clients: Iterable[Client], member: Member, *, at: datetime, by: User) -> None:
        for client in clients:
            DoNotSend.place(
                client=client,
                member=member,
                placer=DoNotSend.Placer.CLIENT,
                reason=self.cleaned_data["reason"],
                at=at,
                by=by,
            )


class DoNotSendForm(ReasonForm):
    """Who of those at a visit should not come again, and why in a word."""

    member = forms.ChoiceField(label=gettext_lazy("Who?"), widget=Tiles)

    field_order = ["member", "reason"]

    def __init__(self, data: QueryDict | None = None, *, visit: Visit) -> None:
        super().__init__(data)
        self.visit = visit
        asked = DoNotSend.objects.standing().of_household(visit.booking.client)
        done = set(asked.values_list("member", flat=True))
        self.people = {str(member.pk): member for member in visit.people() if member.pk not in done}
        choices: list[Any] = [(key, member.short_name) for key, member in self.people.items()]
        self.fields["member"].choices = choices  # type: ignore[attr-defined]

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
