"""What the office says about somebody who lost every way into their account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import EmailField, LineField
from members.notices import sms
from members.notices.contact_preference_forms import NumberForm


class RecoveryForm(NumberForm):
    """The new address or number, and how they were known."""

    field_order = ("email", "phone", "reason", "met")
    email = EmailField(label=_("Their new e-mail address"), required=False)
    reason = LineField(
        label=_("How do you know that it is they?"),
        max_length=500,
        help_text=_("For example: I have worked with her for two years, and we met at the office today."),
    )
    met = forms.BooleanField(label=_("I have met them in person about this"), label_suffix="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sms.carrier() is None:
            del self.fields["phone"]
        else:
            self.fields["phone"].required = False
            self.fields["phone"].label = _("Or their new mobile phone")

    def clean_phone(self) -> Any:
        """One of ours, or none."""
        return super().clean_phone() if self.cleaned_data["phone"] else ""

    def clean(self) -> dict[str, Any]:
        """One new way in."""
        said = super().clean() or self.cleaned_data
        if not self.errors and bool(said.get("email")) == bool(said.get("phone")):
            self.add_error(None, _("Please give an address or a number, and not both."))
        return said
