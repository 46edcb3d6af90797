"""Three questions about a home, wherever they are asked: pets, supplies, and the language of who comes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from bookings.form_fields import Tiles
from bookings.households.preferences import Supplies, languages
from members.models import Animal


class AboutHomeForm(forms.Form):
    """What whoever comes should know, or bring, or speak. None of it has to be answered."""

    pets = forms.MultipleChoiceField(
        label=gettext_lazy("Pets"),
        choices=[
            (Animal.DOG, gettext_lazy("A dog")),
            (Animal.CAT, gettext_lazy("A cat")),
            (Animal.OTHER, gettext_lazy("Others")),
        ],
        required=False,
        help_text=gettext_lazy("Some of us are allergic, or afraid. Then somebody else comes."),
        widget=forms.CheckboxSelectMultiple,
    )
    supplies = forms.ChoiceField(
        label=gettext_lazy("Products and vacuum"), choices=Supplies.choices, required=False, widget=Tiles
    )
    spoken = forms.ChoiceField(
        label=gettext_lazy("Whoever comes should speak"),
        choices=lambda: languages(gettext_lazy("Any language")),
        required=False,
        widget=Tiles,
    )

    def clean_supplies(self) -> str:
        return self.cleaned_data["supplies"] or Supplies.OURS

    def about(self) -> dict[str, Any]:
        """The three answers, as `describe` takes them."""
        return {name: self.cleaned_data[name] for name in ("pets", "supplies", "spoken")}
