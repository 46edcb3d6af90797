"""What a body is, and who belongs to it for how long."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import LineField
from coop.web.meanwhile import MeanwhileForm
from members.appointing.forms import DecisionForm
from members.bodies.bodies import TOLD, Body

MOST_MAY = 2000


def _words(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=MOST_MAY, widget=forms.Textarea(attrs={"rows": 5}))


class BodyForm(MeanwhileForm, DecisionForm):
    """What is said of a body."""

    name_en = LineField(label=_("Name in English"), max_length=80)
    name_es = LineField(label=_("Name in Spanish"), max_length=80)
    may_en = _words(_("What it may decide, in English"))
    may_es = _words(_("What it may decide, in Spanish"))
    quorum = forms.IntegerField(
        label=_("How many must be there"), min_value=1, max_value=200, help_text=_("With fewer it decides nothing.")
    )
    up_to = forms.DecimalField(
        label=_("Up to how many dollars at once"),
        min_value=0,
        max_value=1_000_000,
        decimal_places=2,
        help_text=_("What is more is for all members. 0 if it spends nothing."),
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "autocomplete": "off"}),
    )
    field_order = ("name_en", "name_es", "may_en", "may_es", "quorum", "up_to", "decision")

    @classmethod
    def about(cls, body: Body | None, data: Any) -> "BodyForm":
        """The form as the body stands now."""
        if body is None:
            return cls(data)
        known = {name: getattr(body, name) for name in TOLD}
        return cls(data, initial=known | {"up_to": Decimal(body.up_to_cents) / 100})

    @property
    def facts(self) -> dict[str, Any]:
        """What is said of it, the sum in cents."""
        said = self.cleaned_data
        facts = {name: said[name] for name in TOLD if name != "up_to_cents"}
        return facts | {"up_to_cents": int(said["up_to"] * 100)}
