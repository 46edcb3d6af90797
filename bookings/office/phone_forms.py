"""What the office writes down of a household on the phone."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from bookings.households.clients import Client
from coop.typed.fields import EmailField, NameField, PhoneField
from members.models import User


class NewClientForm(forms.Form):
    """Somebody who calls for the first time; an e-mail address is not needed."""

    name = NameField(label=gettext_lazy("Name"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    phone = PhoneField(widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}))
    email = EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        help_text=gettext_lazy("Without one, whatever we would write stands under “People to call”."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES],
        widget=forms.RadioSelect,
        initial="en",
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email and User.objects.filter(email=email).exists():
            raise ValidationError(_("Somebody with this address is known already. Please search for them."))
        return email

    def add(self, *, at: datetime, by: User) -> Client:
        """The household, known by its phone number."""
        said: dict[str, Any] = self.cleaned_data
        return Client.by_phone(
            name=said["name"], phone=said["phone"], email=said["email"], language=said["language"], at=at, by=by
        )
