"""Step 3 of booking: who asks, and where the home is."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.form_fields import Tiles, spoken
from bookings.households.clients import Client, Home
from bookings.visits.quotes import Quote
from coop.typed.fields import ApartmentField, EmailField, NameField, PhoneField, StreetField
from members.models import User


class ContactForm(forms.Form):
    """Step 3: who asks, and where the home is. Who is signed in may choose one of their homes in this area."""

    ANOTHER = "another"

    name = NameField(label=gettext_lazy("Your name"))
    email = EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("The confirmation goes here. You can sign in with it later; there is no password."),
    )
    phone = PhoneField(help_text=gettext_lazy("Only for the person who comes, from the day before."))
    home = forms.ChoiceField(label=gettext_lazy("Which home?"), widget=Tiles)
    street = StreetField()
    apartment = ApartmentField()
    access_note = forms.CharField(
        label=gettext_lazy("Getting in"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict | None = None, *, draft: Quote, user: User | None, known: bool) -> None:
        """`known` when whoever asks may see the contact that the draft has already."""
        super().__init__(data, initial=_known(draft if known else Quote(), user))
        homes = Home.objects.of(user).filter(zip=draft.zip_id).order_by("pk") if user else Home.objects.none()
        self.homes = {str(home.pk): home for home in homes}
        if user:
            self.fields["email"].disabled = True
            self.fields["email"].required = bool(user.email)
        self._ask_which_home(draft if known else Quote(zip_id=draft.zip_id))

    def _ask_which_home(self, draft: Quote) -> None:
        if not self.homes:
            del self.fields["home"]
            return
        places = [(key, str(home)) for key, home in self.homes.items()]
        self.fields["home"].choices = [*places, (self.ANOTHER, _("Another address"))]  # type: ignore[attr-defined]
        before = (draft.street, draft.apartment)
        typed = [key for key, home in self.homes.items() if (home.street, home.apartment) == before]
        self.initial["home"] = (typed or [self.ANOTHER if draft.street else places[0][0]])[0]
        if self.data.get("home", self.initial["home"]) in self.homes:
            self.fields["street"].required = False

    def clean(self) -> None:
        """A saved home brings its own address."""
        if home := self.homes.get(self.cleaned_data.get("home", "")):
            for name in ("street", "apartment"):
                self.errors.pop(name, None)
            self.cleaned_data |= {"street": home.street, "apartment": home.apartment}

    def give(self, draft: Quote, *, browser: UUID) -> None:
        answers = {name: self.cleaned_data[name] for name in ("name", "phone", "street", "apartment", "access_note")}
        draft.give_contact(**answers, email=self.cleaned_data["email"], language=spoken(), browser=browser)


def _known(draft: Quote, user: User | None) -> dict[str, Any]:
    """What need not be typed again: the draft's own answers first, then what a signed-in client told us before."""
    client = Client.objects.of(user).own_first(user).first() if user else None
    phone = draft.phone or (client.phone if client else None)
    return {
        "name": draft.name or (user.name if user else ""),
        "email": user.email if user else draft.email,
        "phone": phone or "",
        "street": draft.street,
        "apartment": draft.apartment,
    }
