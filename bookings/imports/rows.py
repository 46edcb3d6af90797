"""One line of a table of clients: a household with one of its homes."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.form_fields import spoken
from coop.typed.fields import ApartmentField, EmailField, NameField, PhoneField, StreetField, ZipField
from coop.typed.folding import folded
from coop.web.csv_import import Column

COLUMNS = (
    Column("name", gettext_lazy("name"), gettext_lazy("needed; first and last name"), "Jordan Lee", needed=True),
    Column(
        "email",
        gettext_lazy("e-mail"),
        gettext_lazy("needed unless there is a phone number; whoever has it signs in with it and says that it is them"),
        "jordan@example.org",
    ),
    Column(
        "phone",
        gettext_lazy("phone"),
        gettext_lazy("needed unless there is an e-mail address; with its area code"),
        "718 555 0142",
    ),
    Column("language", gettext_lazy("language"), gettext_lazy("en or es; empty: the language of this page"), "en"),
    Column(
        "street",
        gettext_lazy("street and number"),
        gettext_lazy("needed; of several homes each has a line of its own, with the same name and e-mail"),
        "414 7th Avenue",
        needed=True,
    ),
    Column("apartment", gettext_lazy("apartment"), gettext_lazy("if there is one"), "3B"),
    Column(
        "zip",
        gettext_lazy("ZIP code"),
        gettext_lazy("needed; five digits, where we work; make the column text, else a 0 at the front is lost"),
        "11215",
        needed=True,
    ),
)


class SheetZipField(ZipField):
    """A ZIP code in a cell, where a spreadsheet may have dropped a 0."""

    def to_python(self, value: Any) -> str:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            told = _("%(typed)s is not a ZIP code. It has five digits; a spreadsheet drops a 0 at the front.")
            raise forms.ValidationError(told, params={"typed": value}) from None


class LanguageField(forms.CharField):
    """A language by its code or its name, in any of our languages; empty is that of the page."""

    def to_python(self, value: Any) -> str:
        typed = folded(super().to_python(value) or "")
        found = next((code for code, names in language_names().items() if typed in names), "" if typed else spoken())
        if not found:
            raise forms.ValidationError(_("We write in these languages: %(codes)s."), params={"codes": "en, es"})
        return found


def language_names() -> dict[str, set[str]]:
    """By what each of our languages is known in a cell."""
    known: dict[str, set[str]] = {}
    for code, label in settings.LANGUAGES:
        known[code] = {code}
        for reader, _label in settings.LANGUAGES:
            with translation.override(reader):
                known[code].add(folded(str(translation.gettext(str(label)))))
                known[code].add(folded(translation.get_language_info(code)["name_local"]))
    return known


class ClientRowForm(forms.Form):
    """What such a line says, cleaned as what is typed on a page."""

    name = NameField()
    email = EmailField(required=False)
    phone = PhoneField(required=False)
    language = LanguageField(required=False)
    street = StreetField()
    apartment = ApartmentField()
    zip = SheetZipField()

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if {"email", "phone"} <= said.keys() and not said["email"] and not said["phone"]:
            self.add_error("email", _("Nobody could reach them: an e-mail address or a phone number is needed."))
        return said
