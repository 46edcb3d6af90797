"""What somebody looks for in the books."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import DayField, LineField
from members.models import Member
from payouts.ledger.ledger import Account, Entry

MOST = 2**63 - 1


class PageForm(forms.Form):
    """Where a long list goes on."""

    before = forms.IntegerField(required=False, min_value=1, max_value=MOST, widget=forms.HiddenInput)

    def __init__(self, data: Any) -> None:
        super().__init__(data)

    @property
    def number(self) -> int | None:
        return self.cleaned_data.get("before") if self.is_valid() else None


class DaysForm(forms.Form):
    """Entries of some days and kinds. What is wrong is said, and then nothing is found."""

    first = DayField(label=_("From day"), required=False)
    last = DayField(label=_("To day"), required=False)
    kind = forms.MultipleChoiceField(
        label=_("Kind of entry"),
        help_text=_("None ticked means all of them."),
        choices=Entry.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def wanted(self) -> Q:
        """Asked of an entry."""
        if not self.is_valid():
            return Q(pk__in=[])
        said = self.cleaned_data
        asked = {"effective_on__gte": said["first"], "effective_on__lte": said["last"], "kind__in": said["kind"]}
        return Q(**{name: value for name, value in asked.items() if value})


class FindForm(DaysForm):
    """Transfers by the key of their entry, an amount, days, a member, kinds, and the accounts at both ends."""

    field_order = ["key", "amount", "member", "first", "last", "kind"]
    key = LineField(
        label=_("Key or words"), help_text=_("As visit:17, or a word of the note."), max_length=80, required=False
    )
    amount = forms.DecimalField(
        label=_("Amount"),
        help_text=_("In dollars."),
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "autocomplete": "off"}),
    )
    member = forms.ModelChoiceField(
        label=_("Member"), queryset=Member.objects.none(), required=False, empty_label=_("Anybody")
    )
    payer = forms.MultipleChoiceField(
        choices=Account.Kind.choices, required=False, widget=forms.MultipleHiddenInput, label=_("From")
    )
    payee = forms.MultipleChoiceField(
        choices=Account.Kind.choices, required=False, widget=forms.MultipleHiddenInput, label=_("To")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = Member.objects.select_related("user").order_by("user__name", "pk")
        self.fields["member"].queryset = everybody  # type: ignore[attr-defined]

    @property
    def transfers(self) -> Q:
        """Asked of a transfer."""
        if not self.is_valid():
            return Q(pk__in=[])
        said = self.cleaned_data
        asked = {
            "entry__effective_on__gte": said["first"],
            "entry__effective_on__lte": said["last"],
            "entry__kind__in": said["kind"],
            "payer__kind__in": said["payer"],
            "payee__kind__in": said["payee"],
            "cents": said["amount"] and int(said["amount"] * 100),
        }
        found = Q(**{name: value for name, value in asked.items() if value})
        if key := said["key"]:
            found &= Q(entry__key__iexact=key) | Q(entry__memo__icontains=key)
        if member := said["member"]:
            found &= Q(payer__member=member) | Q(payee__member=member)
        return found


class DayForm(forms.Form):
    """The day of which the balance is wanted."""

    day = DayField(label=_("At the end of which day?"), required=False)


class MonthForm(forms.Form):
    """One of the months of the books."""

    month = forms.TypedChoiceField(label=_("Which month?"), coerce=date.fromisoformat)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = Entry.objects.dates("effective_on", "month", order="DESC")
        said = [(first.isoformat(), date_format(first, "YEAR_MONTH_FORMAT")) for first in months]
        self.fields["month"].choices = said  # type: ignore[attr-defined]


class KindsForm(forms.Form):
    """Accounts of which kinds."""

    kind = forms.MultipleChoiceField(choices=Account.Kind.choices, required=False)
