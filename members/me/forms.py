"""Forms about who somebody is."""

import re

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from coop.models import ZipCode
from coop.typed.fields import LineField, NameField, PhoneField, ZipField
from coop.web.meanwhile import MeanwhileForm
from members.people.members import Animal

LANGUAGES = [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


class MeForm(MeanwhileForm):
    """What everybody can say about themselves."""

    name = NameField(label=_("Your name"))
    language = forms.ChoiceField(
        label=_("Language"),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
    )


class MemberForm(MeForm):
    """What the co-op asks of those who work in it."""

    phone = PhoneField(required=False)
    zip = ZipField(label=_("Home ZIP code"), help_text=_("To plan your way to the first visit. Clients never see it."))
    areas = LineField(
        label=_("Where you take work"),
        required=False,
        max_length=200,
        help_text=_("ZIP codes or how they begin, for example: 112 11385. Leave it empty to work everywhere."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    hours = forms.IntegerField(
        label=_("Hours of work you want a week"),
        min_value=0,
        max_value=60,
        help_text=_("Turns are shared by this: who has had the least of what they asked for is asked first."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    languages = forms.MultipleChoiceField(
        label=_("Languages you speak at work"),
        choices=LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    avoids = forms.MultipleChoiceField(
        label=_("I do not go to homes with"),
        choices=[(Animal.DOG, _("dogs")), (Animal.CAT, _("cats")), (Animal.OTHER, _("other animals"))],
        required=False,
        help_text=_("You are not asked for them. Nobody sees why."),
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_zip(self) -> ZipCode:
        found = ZipCode.objects.filter(code=self.cleaned_data["zip"]).first()
        if found is None:
            raise forms.ValidationError(_("We do not know this ZIP code. It has to lie where we work."))
        return found

    def clean_areas(self) -> list[str]:
        """Each area once, as it was written; all of them where we work, or theirs before we stopped coming there."""
        written = re.split(r"[\s,;]+", re.sub(r"\b([0-9]{5})-[0-9]{4}\b", r"\1", self.cleaned_data["areas"]))
        areas = list(dict.fromkeys(written))
        today = timezone.localdate()
        for area in filter(None, areas):
            if area in self.initial.get("areas", "").split():
                continue
            if len(area) > 5 or not ZipCode.objects.served_from(today).filter(code__startswith=area).exists():
                raise forms.ValidationError(gettext("We do not work in “%(area)s”."), params={"area": area})
        return [area for area in areas if area]
