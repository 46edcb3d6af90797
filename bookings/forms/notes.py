"""A word why, beside a change that concerns others."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReleaseForm(forms.Form):
    """Giving a shift back."""

    note = forms.CharField(
        label=_("Why can you not come?"),
        help_text=_("A few words are enough. Other members can read them."),
        max_length=200,
    )


class NoteForm(forms.Form):
    """What the office does to a visit."""

    note = forms.CharField(label=_("Why?"), help_text=_("Members can read this."), max_length=200)
