"""Who takes which office, for how long and by which decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import DayField, LineField
from members.offices.roles import Role
from members.people.members import Member

DECISION = _("By which decision?")
SAID = _("Every member reads it. For example: meeting of May 4.")


class DecisionForm(forms.Form):
    """By which decision something changes."""

    decision = LineField(label=DECISION, max_length=200, help_text=SAID)


class TermForm(DecisionForm):
    """A new term."""

    field_order = ("office", "member", "starts_on", "ends_on", "decision")
    member = forms.ModelChoiceField(label=_("Who?"), queryset=Member.objects.none(), empty_label=_("Choose somebody"))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), required=False, help_text=_("Leave it empty for until further notice."))

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        owners = Member.objects.owners().select_related("user").order_by("user__name", "pk")
        self.fields["member"].queryset = owners  # type: ignore[attr-defined]


class SeatForm(TermForm):
    """A new term in an office."""

    office = forms.ChoiceField(label=_("Which office?"), choices=Role.Kind.choices)


class EndForm(DecisionForm):
    """Why a term ends; where the office would be empty, that this is known."""

    knows = forms.BooleanField(label=_("I know that nobody holds this office then"))

    def __init__(self, data: Any = None, *, empties: bool) -> None:
        super().__init__(data)
        if not empties:
            del self.fields["knows"]
