"""Forms about agreements."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import DayField, LineField
from members.agreements.agreements import MOST_LETTERS, Agreement, AgreementVersion

USUAL = {
    "member-agreement": _("Member agreement"),
    "handbook": _("Handbook"),
    "privacy-notice": _("Privacy notice"),
    "pay-notice": _("Pay notice"),
}
OTHER = "other"


class AgreementForm(forms.Form):
    """What an agreement is called."""

    kind = forms.ChoiceField(label=_("Which agreement?"), widget=forms.RadioSelect)
    name_en = LineField(label=_("Its name in English"), max_length=60, required=False)
    name_es = LineField(label=_("Its name in Spanish"), max_length=60, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        taken = set(Agreement.objects.values_list("code", flat=True))
        left = [(code, name) for code, name in USUAL.items() if code not in taken]
        self.fields["kind"].choices = [*left, (OTHER, _("Something else"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") == OTHER:
            for name in ("name_en", "name_es"):
                if not said.get(name):
                    self.add_error(name, _("Please give it a name."))
        return said

    @property
    def names(self) -> dict[str, str]:
        """What it is called, in both languages."""
        said = self.cleaned_data
        if said["kind"] == OTHER:
            return {name: said[name] for name in ("name_en", "name_es")}
        return {f"name_{code}": _said(USUAL[said["kind"]], code) for code in ("en", "es")}


def _said(words: Any, language: str) -> str:
    with translation.override(language):
        return str(words)


class Text(forms.CharField):
    """The whole text of an agreement."""

    def __init__(self, **kwargs: Any) -> None:
        written = forms.Textarea(attrs={"rows": 16})
        super().__init__(**{"max_length": MOST_LETTERS, "widget": written, **kwargs})


class VersionForm(forms.Form):
    """What an agreement says from a day on, in both languages."""

    starts_on = DayField(
        label=_("From which day does it hold?"),
        help_text=_("Everybody is told now and can accept it before. From then on, whoever has not gets no new work."),
    )
    text_en = Text(label=_("The text in English"))
    text_es = Text(label=_("The text in Spanish"))
    changed_en = LineField(label=_("What is new, in a sentence"), max_length=300, required=False)
    changed_es = LineField(label=_("What is new, in Spanish"), max_length=300, required=False)

    def __init__(self, data: Any, *, latest: AgreementVersion | None, today: date) -> None:
        known = {"text_en": latest.text_en, "text_es": latest.text_es} if latest else {"starts_on": today}
        super().__init__(data, initial=known)
        self.fields["changed_en"].required = latest is not None
        if latest is None:
            del self.fields["changed_en"], self.fields["changed_es"]


class AcceptForm(forms.Form):
    """In which language it was read: the one that the page showed."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, widget=forms.HiddenInput)
