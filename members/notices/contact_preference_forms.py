"""How somebody wants to be told."""

from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import LineField, PhoneField
from members.notices import push
from members.notices.contact_preferences import Pace, Reach, Way

OURS = "US"
ONE = _("Please choose at least one way.")


class ReachForm(forms.Form):
    """By which ways, and when. Only the ways that are open to this person are shown."""

    urgent_by = forms.MultipleChoiceField(
        label=_("What cannot wait"),
        error_messages={"required": ONE},
        help_text=_("An offer to you, a visit that is near and moved, off or late, a reminder of a visit."),
        widget=forms.CheckboxSelectMultiple,
    )
    rest_by = forms.MultipleChoiceField(
        label=_("Everything else"),
        error_messages={"required": ONE},
        help_text=_("Votes, payments, prices. Never at night."),
        widget=forms.CheckboxSelectMultiple,
    )
    pace = forms.ChoiceField(label=_("E-mails that can wait"), choices=Pace.choices, widget=forms.RadioSelect)
    tomorrow = forms.BooleanField(label=_("Each evening, a list of tomorrow's shifts"), label_suffix="", required=False)

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        now = {name: getattr(reach, name) for name in ("urgent_by", "rest_by", "pace", "tomorrow")}
        super().__init__(*args, **{**kwargs, "initial": now})
        open_ways = [(way, Way(way).label) for way in reach.open_ways()]
        for name in ("urgent_by", "rest_by"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = open_ways
        if not reach.user.works:
            del self.fields["tomorrow"]

    def choose(self, reach: Reach) -> None:
        """Keep what was chosen."""
        said = self.cleaned_data
        reach.choose(
            urgent_by=said["urgent_by"],
            rest_by=said["rest_by"],
            pace=said["pace"],
            tomorrow=said.get("tomorrow", False),
        )


class NumberForm(forms.Form):
    """Where to send text messages."""

    phone = PhoneField(label=_("Mobile phone"))

    def clean_phone(self) -> Any:
        """Only here: messages abroad are dear, and a favorite of swindlers."""
        phone = self.cleaned_data["phone"]
        if phonenumbers.region_code_for_number(phone) != OURS:
            raise forms.ValidationError(_("We send text messages to numbers in the United States only."))
        return phone


class CodeForm(forms.Form):
    """The code that came."""

    code = LineField(
        label=_("Code from the text message"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


class EndpointForm(forms.Form):
    """Where a browser gets its messages."""

    endpoint = forms.CharField(max_length=600)


class BrowserForm(EndpointForm):
    """What a browser says of itself, so that messages come there."""

    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=40)

    def clean_endpoint(self) -> str:
        endpoint: str = self.cleaned_data["endpoint"]
        if not push.is_service(endpoint):
            raise forms.ValidationError(_("We do not know where this browser gets its messages."))
        return endpoint

    def clean(self) -> dict[str, Any]:
        """The keys have to be keys, or nothing could ever be sent."""
        said = super().clean() or self.cleaned_data
        try:
            push.encrypt(b"", key=push.decoded(said["p256dh"]), auth=push.decoded(said["auth"]))
        except (ValueError, KeyError) as trouble:
            raise forms.ValidationError(_("These are no keys of a browser.")) from trouble
        return said
