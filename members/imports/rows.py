"""One line of a table of members: who it is, what they can do, and when they work."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import EmailField, NameField, PhoneField
from coop.web.csv_fields import CodesField, LanguageField, LanguagesField, SheetZipField, SpansField
from coop.web.csv_import import Column
from members.founding.told import Told

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
COLUMNS = (
    Column("name", _("name"), _("needed; first and last name"), "Ana Reyes", needed=True),
    Column("email", _("e-mail"), _("needed; the invitation goes there"), "ana@example.org", needed=True),
    Column("phone", _("phone"), _("with its area code"), "718 555 0134"),
    Column("zip", _("home ZIP code"), _("five digits; make the column text, else a 0 at the front is lost"), "11215"),
    Column("language", _("language"), _("en or es, for what we write; empty: the language of this page"), "es"),
    Column("hours", _("hours a week"), _("how many hours of work they want, 0 to 60"), "24"),
    Column("skills", _("skills"), _("as they stand under “What people can do”, with a comma between"), "cleaning"),
    Column("languages", _("languages at work"), _("with a comma between"), "es, en"),
    *(
        Column(day, WEEKDAYS[number], _("from when to when they work: 8:00-12:00; 13:00-17:00"), "8:00-16:00")
        for number, day in enumerate(DAYS)
    ),
)


class MemberRowForm(forms.Form):
    """What such a line says, cleaned as what is typed on a page. `skills` are the codes by what each is called."""

    name = NameField()
    email = EmailField()
    phone = PhoneField(required=False)
    zip = SheetZipField(required=False)
    language = LanguageField(required=False)
    hours = forms.DecimalField(min_value=0, max_value=60, decimal_places=2, required=False)
    skills = CodesField(required=False)
    languages = LanguagesField(required=False)

    def __init__(self, data: Any, *, skills: Mapping[str, str]) -> None:
        super().__init__(data)
        self.fields["skills"].known = skills  # type: ignore[attr-defined]
        for day in DAYS:
            self.fields[day] = SpansField(required=False)

    @property
    def told(self) -> Told:
        said = self.cleaned_data
        week = [(number, starts, ends) for number, day in enumerate(DAYS) for starts, ends in said[day]]
        return Told(
            phone=str(said["phone"] or ""),
            zip=said["zip"],
            minutes=None if said["hours"] is None else int(said["hours"] * 60),
            skills=tuple(said["skills"]),
            languages=tuple(said["languages"]),
            week=tuple((number, f"{starts:%H:%M}", f"{ends:%H:%M}") for number, starts, ends in week),
        )
