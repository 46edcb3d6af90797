"""What people tell us about money."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from bookings.models import Visit
from coop.money import dollars
from coop.typed.fields import EmailField, LineField, NameField
from members.models import User
from payouts.charges.charges import Charge
from payouts.charges.gift_cards import GiftCard
from payouts.charges.refunds import Refund
from payouts.charges.sums.refund_rows import paid_by
from payouts.charges.sums.ways_back import Ways


class TipForm(forms.Form):
    """A tip in dollars; `cents` is what it comes to."""

    amount = forms.DecimalField(
        label=_("Your tip"),
        min_value=1,
        max_value=500,
        max_digits=5,
        decimal_places=2,
        help_text=_("In dollars. All of it goes to the people who did the work."),
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "autocomplete": "off"}),
    )

    @property
    def cents(self) -> int:
        return int(self.cleaned_data["amount"] * 100)


class YearForm(forms.Form):
    """Which year to look at."""

    asked = forms.IntegerField(required=False, min_value=2020, max_value=2999)

    def __init__(self, data: Any) -> None:
        super().__init__({"asked": data.get("year")})

    @property
    def year(self) -> int | None:
        return self.cleaned_data.get("asked") if self.is_valid() else None


class CodeForm(forms.Form):
    """The code of a gift card."""

    code = LineField(
        label=_("Code of a gift card"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class GiftForm(forms.Form):
    """A gift card: how much, from whom, for whom."""

    AMOUNTS = (50, 100, 150, 250)
    OTHER = "other"

    worth = forms.ChoiceField(
        label=_("How much?"),
        choices=[*((str(amount), dollars(amount * 100)) for amount in AMOUNTS), (OTHER, _("Another amount"))],
        initial="100",
        widget=forms.RadioSelect,
    )
    amount = forms.IntegerField(
        label=_("Another amount"),
        help_text=_("Whole dollars, from 10 to 1,000."),
        min_value=10,
        max_value=1000,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    name = NameField(label=_("Your name"))
    email = EmailField(label=_("Your e-mail"), help_text=_("The card comes here; you print it or send it on."))
    to_name = NameField(
        label=_("For whom?"), max_length=60, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    message = forms.CharField(
        label=_("A few words"), max_length=280, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: QueryDict | None = None, *, user: User | None) -> None:
        super().__init__(data, initial={"name": user.name, "email": user.email} if user else {})
        self.user = user
        if user:
            self.fields["email"].disabled = True

    def clean(self) -> None:
        other = self.cleaned_data.get("worth") == self.OTHER
        if other and not self.cleaned_data.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Please say how much."))

    @property
    def cents(self) -> int:
        wanted = self.cleaned_data
        return 100 * int(wanted["amount"] if wanted["worth"] == self.OTHER else wanted["worth"])

    def ask(self, *, at: datetime) -> GiftCard:
        """The card, not paid yet, of whoever is signed in, else of somebody known by nothing but what they typed."""
        wanted, language = self.cleaned_data, (get_language() or "en")[:2]
        return GiftCard.objects.create(
            cents=self.cents,
            buyer=self.user or User.objects.claim(wanted["email"], wanted["name"], language=language, at=at),
            to_name=wanted["to_name"],
            message=wanted["message"],
            asked_at=at,
            look_at=at,
        )


class RefundForm(forms.Form):
    """How much of which charge goes back, who is responsible, and why; `cents` is what it comes to."""

    charge = forms.ModelChoiceField(label=_("Of what?"), queryset=Charge.objects.none(), empty_label=None)
    amount = forms.DecimalField(
        label=_("How much?"),
        min_value=Decimal("0.01"),
        max_digits=7,
        decimal_places=2,
        help_text=_("In dollars."),
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "autocomplete": "off"}),
    )
    responsible = forms.ChoiceField(
        label=_("Whose doing was it?"),
        choices=Refund.Responsible.choices,
        initial=Refund.Responsible.COOP,
        widget=forms.RadioSelect(attrs={"class": "wide"}),
    )
    note = forms.CharField(
        label=_("Why?"),
        help_text=_("Members can read this."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    made: Refund | None = None

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        paid = {charge.pk: paid_by(charge) for charge in visit.charges.order_by("pk")}
        taken = visit.charges.filter(pk__in=[pk for pk, ways in paid.items() if ways.total]).order_by("pk")
        self.fields["charge"].queryset = taken  # type: ignore[attr-defined]
        self.fields["charge"].label_from_instance = lambda charge: _in_words(charge, paid[charge.pk])  # type: ignore[attr-defined]

    @property
    def cents(self) -> int:
        return int(self.cleaned_data["amount"] * 100)

    def give(self, *, at: datetime, by: User) -> Refund:
        """Give it back, or let it wait for a second person."""
        wish = {name: self.cleaned_data[name] for name in ("responsible", "note")}
        self.made = Refund.give(self.cleaned_data["charge"], cents=self.cents, at=at, by=by, **wish)
        return self.made


def _in_words(charge: Charge, paid: Ways) -> str:
    """What of a charge can be given back, and how it came."""
    said = f"{charge.get_kind_display()}: {dollars(paid.total)}"
    if charge.kind == Charge.Kind.TIP:
        return gettext("%(charge)s, out of the tips of who did the work") % {"charge": said}
    if charge.paid_outside_at:
        said = gettext("%(charge)s, paid by check or in cash") % {"charge": said}
    if paid.credit:
        said = gettext("%(charge)s, of it %(credit)s from credit") % {"charge": said, "credit": dollars(paid.credit)}
    return said
