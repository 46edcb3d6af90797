"""What a household keeps of what was told with a booking that claimed its address."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bookings.households.claims import Kept


class TakeOverForm(forms.Form):
    """Each as they choose; nothing is kept by itself. `number` tells the forms of one page apart."""

    details = forms.BooleanField(
        label=_("Keep the getting-in note, the pets and the supplies that were told with it"),
        label_suffix="",
        required=False,
    )
    phone = forms.BooleanField(label=_("Keep the phone number that was told with it"), label_suffix="", required=False)
    card = forms.BooleanField(
        label=_("Pay with the card that was saved for it from now on"), label_suffix="", required=False
    )

    def __init__(self, data: QueryDict | None = None, *, number: int) -> None:
        super().__init__(data, auto_id=f"id_{number}_%s")

    @property
    def kept(self) -> Kept:
        self.is_valid()
        return Kept(**self.cleaned_data)
