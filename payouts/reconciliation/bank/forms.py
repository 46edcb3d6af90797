"""What people bring from the bank."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coop.errors import Refusal
from coop.money import dollars
from coop.typed.text import isolate
from payouts.ledger.ledger import Entry
from payouts.reconciliation.bank import files
from payouts.reconciliation.bank.lines import Read


class BankFileForm(forms.Form):
    """A statement as the bank gives it."""

    file = forms.FileField(
        label=_("A statement of our bank account"),
        help_text=_(
            "As CSV, OFX (or QFX) or CAMT.053; the same kind each time, of any days: what was read before is not read "
            "twice."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.ofx,.qfx,.xml,text/csv"}),
    )

    def clean_file(self) -> list[Read]:
        """Its lines; nothing else of it is kept."""
        file = self.cleaned_data["file"]
        if file.size > files.MOST_BYTES:
            raise forms.ValidationError(_("This file is too large. Take a shorter span of days."))
        try:
            return files.read(file.read())
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class MatchForm(forms.Form):
    """Which entries of the books go with a line of the bank."""

    entries = forms.ModelMultipleChoiceField(
        label=_("What in the books goes with it?"),
        queryset=Entry.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )

    def __init__(self, *args: Any, near: Iterable[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(near)
        field: Any = self.fields["entries"]
        field.queryset = Entry.objects.filter(pk__in=[entry.pk for entry in found])
        field.choices = [(entry.pk, _said(entry)) for entry in found]


def _said(entry: Any) -> str:
    words = entry.memo or entry.key
    said = f"{entry.effective_on:%Y-%m-%d} · {dollars(entry.change)} · {entry.get_kind_display()} · {words}"
    return isolate(said)
