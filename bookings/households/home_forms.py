"""What a household says about its homes."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.catalog.areas import served
from coop.models import ZipCode
from coop.typed.fields import ApartmentField, StreetField, ZipField
from coop.web.meanwhile import MeanwhileForm


class AddressForm(MeanwhileForm):
    """Where a home is, within its ZIP code."""

    street = StreetField()
    apartment = ApartmentField()


class NewHomeForm(AddressForm):
    """A home that we have not been to."""

    zip = ZipField()

    def clean_zip(self) -> ZipCode:
        today = timezone.localdate()
        found = ZipCode.objects.served_from(today).filter(code=self.cleaned_data["zip"]).first()
        if found is None:
            areas = {"areas": ", ".join(served(today))}
            raise forms.ValidationError(_("We do not come there yet. Our areas: %(areas)s.") % areas)
        return found


class AccessNoteForm(forms.Form):
    """How to get in."""

    access_note = forms.CharField(
        label=gettext_lazy("Getting in"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy(
            "Door code, key, dog. Kept encrypted. Only the person who comes can open it, from 2 hours before to "
            "2 hours after the visit, and each time is written down."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
