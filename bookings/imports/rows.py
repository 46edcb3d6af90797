"""One line of a table of clients: a household with one of its homes."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.typed.fields import ApartmentField, EmailField, NameField, PhoneField, StreetField
from coop.web.csv_fields import LanguageField, SheetZipField
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
