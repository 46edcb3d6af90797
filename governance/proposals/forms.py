"""Forms of this room: numbers as people write them, kept as exact fractions."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypedDict

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.policies import CENTS, CENTS_PER_HOUR, PART, SHARE, registry
from coop.typed.fields import DayField, LineField
from governance.ballots.calendar import day_of
from governance.proposals.drafting import in_force
from governance.proposals.proposals import Proposal
from governance.proposals.subjects import AnyPolicy, Subject

NUMBER = re.compile(r"[0-9]+(\.[0-9]+|/[0-9]+)?")
LETTERS = 12
"""How long a value may be as somebody writes it; as we write it back it is no longer."""
# What one in the field is in the policy's own unit: one percent is 1/100, one dollar is 100 cents.
SCALE: dict[object, Fraction] = {SHARE: Fraction(1, 100), CENTS: Fraction(100), CENTS_PER_HOUR: Fraction(100)}


class Words(TypedDict):
    """What a form says, as the verbs `propose` and `revise` take it."""

    title: str
    text: str
    changes: Mapping[str, Fraction]
    wanted_on: date | None


def read(policy: AnyPolicy, written: str) -> Fraction:
    """The value that somebody wrote: 95, 95% or 95.5 for a share, 24.50 or $24.50 for dollars, 2/3 for a fraction."""
    number = written.replace("$", "").replace("%", "").strip()
    if not NUMBER.fullmatch(number) or number.endswith("/0"):
        raise forms.ValidationError(_("Please write a number, for example 24.50 or 2/3."))
    top, _slash, bottom = number.partition("/")
    return Fraction(top) / Fraction(bottom or 1) * SCALE.get(policy.unit, 1)


def write(policy: AnyPolicy, value: Fraction) -> str:
    """The value as a person would write it into the field, exactly: 0.95 of a price is 95, 2450 cents are 24.50."""
    shown = value / SCALE.get(policy.unit, 1)
    part = f"{shown.numerator}/{shown.denominator}"
    least = 2 if policy.unit in (CENTS, CENTS_PER_HOUR) else 0
    places = next((places for places in range(least, LETTERS) if (shown * 10**places).denominator == 1), None)
    if places is None or (policy.unit is PART and len(part) <= LETTERS):
        return part
    number = format(Decimal(shown.numerator) / shown.denominator, f".{places}f")
    return number if len(number) <= LETTERS else part


class ValueField(LineField):
    """The new value of one policy."""

    def __init__(self, policy: AnyPolicy, *, now: Fraction) -> None:
        self.policy = policy
        unit = _("percent") if policy.unit is SHARE else policy.unit.name
        help_text = _("In %(unit)s. Now: %(now)s.") % {"unit": unit, "now": policy.say(now)}
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(label=str(policy.label), help_text=help_text, max_length=LETTERS, widget=widget)

    def prepare_value(self, value: Any) -> Any:
        return write(self.policy, value) if isinstance(value, Fraction) else value

    def clean(self, value: Any) -> Any:
        return read(self.policy, super().clean(value))


class ProposalForm(forms.Form):
    """A proposal about one subject; without a subject it is a decision in words."""

    title = LineField(
        label=gettext_lazy("Your proposal in one line"),
        max_length=120,
        help_text=gettext_lazy("For example: Raise the pay floor to $24.50 an hour."),
    )
    text = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("What gets better, what it costs, and for whom."),
    )
    wanted_on = DayField(
        label=gettext_lazy("From which day"),
        required=False,
        help_text=gettext_lazy("Leave it empty for the first day after the vote that the rules allow."),
    )

    def __init__(
        self, *args: Any, about: Subject | None, at: datetime, proposal: Proposal | None = None, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.keys = [policy.key for policy in about.policies] if about else []
        now = in_force(self.keys, day=day_of(at))
        for key in self.keys:
            self.fields[key] = ValueField(registry[key], now=now[key])
        if not about:
            del self.fields["wanted_on"]
        self.order_fields(["title", *self.keys, "wanted_on", "text"])
        self.initial = {**now, **(_words_of(proposal) if proposal else {}), **self.initial}

    @property
    def words(self) -> Words:
        """What was written; ask only a valid form."""
        said = self.cleaned_data
        return {
            "title": said["title"],
            "text": said["text"],
            "changes": {key: said[key] for key in self.keys},
            "wanted_on": said.get("wanted_on"),
        }


def _words_of(proposal: Proposal) -> dict[str, Any]:
    words = {"title": proposal.title, "text": proposal.text, "wanted_on": proposal.wanted_on}
    return words | {change.policy: change.value for change in proposal.changes.all()}


class CommentForm(forms.Form):
    """Something to say."""

    body = forms.CharField(
        label=gettext_lazy("Your comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class VoidForm(forms.Form):
    """Why a vote is set aside."""

    note = LineField(label=gettext_lazy("Reason, for everybody to read"), max_length=500)
