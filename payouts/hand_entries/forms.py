"""What somebody writes into the books by hand."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import DayField, LineField
from coop.web.documents import DocumentField
from members.models import Member
from payouts.hand_entries.hand_entries import Fund, HandEntry

NOTE = _("All members read this: no names of clients.")


class HandEntryForm(forms.Form):
    """One entry; `said` is what `HandEntry.draft` takes."""

    kind = forms.ChoiceField(
        label=_("What kind?"), choices=HandEntry.Kind.choices, widget=forms.RadioSelect(attrs={"class": "wide"})
    )
    amount = forms.DecimalField(
        label=_("How much?"),
        help_text=_("In dollars."),
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "autocomplete": "off"}),
    )
    day = DayField(label=_("On which day?"))
    fund = forms.ChoiceField(label=_("Which fund?"), choices=Fund.choices)
    other_fund = forms.ChoiceField(
        label=_("To which fund, if it is moved?"), choices=[("", "–"), *Fund.choices], required=False
    )
    what = forms.ChoiceField(
        label=_("What for, or where from?"), choices=HandEntry.What.choices, initial=HandEntry.What.OTHER
    )
    note = LineField(label=_("Note"), help_text=NOTE, max_length=200)
    to_member = forms.ModelChoiceField(
        label=_("Is a member paid?"),
        help_text=_("Whoever is paid neither writes nor confirms it."),
        queryset=Member.objects.none(),
        required=False,
        empty_label=_("No"),
    )
    receipt = DocumentField(
        label=_("Receipt"),
        help_text=_("A PDF or a picture, up to 8 MB. The money offices can open it."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = Member.objects.here().select_related("user").order_by("user__name", "pk")
        self.fields["to_member"].queryset = everybody  # type: ignore[attr-defined]

    @property
    def said(self) -> dict[str, Any]:
        """What was typed, with cents for dollars and what is in the file."""
        said = dict(self.cleaned_data)
        sent = said.pop("receipt")
        return said | {"cents": int(said.pop("amount") * 100), "receipt": sent.read() if sent else None}


class UndoForm(forms.Form):
    """Why it is undone."""

    note = LineField(label=_("Why?"), help_text=NOTE, max_length=200)
