"""How the co-op is reached, as its office says it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.contact import ContactFacts
from coop.typed.fields import EmailField, LineField, PhoneField


class ContactForm(forms.Form):
    """At least a number or an address for mail; the rest helps."""

    phone = PhoneField(
        required=False, help_text=gettext_lazy("One that somebody answers, also an hour before a visit.")
    )
    email = EmailField(label=gettext_lazy("E-mail"), required=False)
    address = LineField(label=gettext_lazy("Address"), required=False, max_length=200)
    hours_en = LineField(
        label=gettext_lazy("When somebody answers, in English"),
        required=False,
        max_length=120,
        help_text="Monday to Saturday, 7 am to 8 pm",
    )
    hours_es = LineField(
        label=gettext_lazy("When somebody answers, in Spanish"),
        required=False,
        max_length=120,
        help_text="Lunes a sábado, de 7 a. m. a 8 p. m.",
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.errors and not (said.get("phone") or said.get("email")):
            raise forms.ValidationError(_("Please give a phone number or an e-mail address, so that people reach you."))
        return said

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] or "" for name in ContactFacts.FACTS}
