"""What the office says to clients while it is closed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class _WordsField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=400, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)


class CloseForm(forms.Form):
    """Words in both languages, as clients read one or the other."""

    words_en = _WordsField(
        label=_("What clients read, in English"), help_text="We are full until May 4. From then on you can book again."
    )
    words_es = _WordsField(
        label=_("What clients read, in Spanish"),
        help_text="No tenemos lugar hasta el 4 de mayo. A partir de ese día puedes reservar otra vez.",
    )
