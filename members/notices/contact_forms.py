"""What the co-op is called and how it is reached, as its office says it."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from coop.contact import WHY_SETTLED, ContactFacts, zone_is_settled
from coop.postal_areas import zones
from coop.typed.fields import EmailField, LineField, PhoneField
from coop.web.meanwhile import MeanwhileForm

LANGUAGES = [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]
MOST_LIVE_IN = {
    "America/New_York": gettext_lazy("Eastern time (New York)"),
    "America/Chicago": gettext_lazy("Central time (Chicago)"),
    "America/Denver": gettext_lazy("Mountain time (Denver)"),
    "America/Phoenix": gettext_lazy("Arizona (Phoenix)"),
    "America/Los_Angeles": gettext_lazy("Pacific time (Los Angeles)"),
    "America/Anchorage": gettext_lazy("Alaska (Anchorage)"),
    "Pacific/Honolulu": gettext_lazy("Hawaii (Honolulu)"),
    "America/Puerto_Rico": "Puerto Rico",
}


def _zones() -> Iterator[tuple[str, Any]]:
    """Those in which most people live, then the others by their places."""
    yield from MOST_LIVE_IN.items()
    for zone in zones():
        if zone not in MOST_LIVE_IN:
            yield zone, zone.partition("/")[2].replace("_", " ")


class ContactForm(MeanwhileForm):
    """At least a number or an address for mail; the rest helps. The time zone is fixed once days are counted in it."""

    name = LineField(
        label=gettext_lazy("What is the co-op called?"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("It stands on every page, in mails and on receipts."),
    )
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

    language = forms.ChoiceField(
        label=gettext_lazy("First language"),
        choices=LANGUAGES,
        required=False,
        help_text=gettext_lazy("For visitors whose phone or computer asks for neither of ours."),
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=_zones,
        required=False,
        help_text=gettext_lazy("Votes, pay and prices count their days in it. Visits go by that of their home."),
    )

    def __init__(self, data: Any, *, known: ContactFacts) -> None:
        said = {fact: getattr(known, fact) for fact in ContactFacts.FACTS}
        called = "" if known.called == settings.EXAMPLE_NAME and not known.name else known.called
        read = {"name": called, "zone": str(known.local_zone), "language": known.first_language}
        super().__init__(data, initial=said | read)
        if zone_is_settled():
            self.fields["zone"].disabled = True
            self.fields["zone"].help_text = WHY_SETTLED

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.errors and not (said.get("phone") or said.get("email")):
            raise forms.ValidationError(_("Please give a phone number or an e-mail address, so that people reach you."))
        return said

    @property
    def facts(self) -> dict[str, Any]:
        """What is said; a choice that was left open stays as it is."""
        told = {name: self.cleaned_data[name] or "" for name in ContactFacts.FACTS}
        return {name: value for name, value in told.items() if value or name not in ("zone", "language")}
