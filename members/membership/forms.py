"""What is said about a change of standing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import DayField, LineField
from members.membership.reasons import LeavingReason


class AwayForm(forms.Form):
    """From when until when somebody is on leave."""

    on = DayField(label=_("First day of the leave"))
    until = DayField(
        label=_("Last day of the leave"),
        required=False,
        help_text=_("Leave it empty if you do not know yet. Then say here when you are back."),
    )


class BackForm(forms.Form):
    """From which day on somebody works again."""

    on = DayField(label=_("From which day on?"))


class DecisionForm(forms.Form):
    """Why, or by which decision."""

    reason = LineField(
        label=_("Why, or by which decision?"),
        help_text=_("Whoever it is about reads this. Nothing about anybody's health."),
        max_length=500,
    )


class LastDayForm(forms.Form):
    """The first day on which somebody is no member any more; `own`: they say it themselves."""

    gone_on = DayField(label=_("From which day on are you no member any more?"))

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not own:
            self.fields["gone_on"].label = _("From which day on are they no member any more?")


class NoticeForm(LastDayForm):
    """That day, and why."""

    why = forms.ChoiceField(
        label=_("Why do you leave?"),
        help_text=_("It helps the co-op to learn. The membership office and the board read how often each was said."),
        choices=LeavingReason.Why.choices,
        widget=forms.RadioSelect(attrs={"class": "wide"}),
    )
    words = forms.CharField(
        label=_("In your own words, if you like"),
        help_text=_("The membership office and the board read it, without your name."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, own=own, **kwargs)
        self.fields["gone_on"].widget = forms.HiddenInput()
        if not own:
            self.fields["why"].label = _("Why do they leave?")
            self.fields["words"].label = _("In their own words, if you know them")
            self.fields["words"].help_text = _("The membership office and the board read it, without their name.")
