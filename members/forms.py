"""Forms about who somebody is; those about their hours are in `hours_forms`."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_info
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from coop.fields import EmailField, LineField, NameField, PhoneField, ZipField
from coop.models import ZipCode
from members.models import Animal, User

LANGUAGES = [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


class SignupForm(forms.Form):
    """What we ask of somebody new besides their e-mail address."""

    name = NameField(label=_("Your name"))

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name and the language in which they came."""
        user.introduce(name=self.cleaned_data["name"], language=getattr(request, "LANGUAGE_CODE", "en"))


class MeForm(forms.Form):
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
        """Each area once, as it was written; all of them where we work."""
        written = re.split(r"[\s,;]+", re.sub(r"\b([0-9]{5})-[0-9]{4}\b", r"\1", self.cleaned_data["areas"]))
        areas = list(dict.fromkeys(written))
        for area in filter(None, areas):
            if len(area) > 5 or not ZipCode.objects.filter(code__startswith=area).exists():
                raise forms.ValidationError(said("We do not work in “%(area)s”."), params={"area": area})
        return [area for area in areas if area]


class EraseForm(forms.Form):
    """Saying for certain that one wants to be forgotten."""

    email = EmailField(
        label=_("To be sure: type your e-mail address"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        if typed != self.user.email:
            raise forms.ValidationError(_("That is not the address of this account."))
        return typed


class AnswerForm(forms.Form):
    """What somebody says to an act that is about them."""

    agrees = forms.TypedChoiceField(
        label=_("What do you say to it?"),
        choices=[("no", _("I see it otherwise")), ("yes", _("I agree"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In your words"),
        help_text=_("Whoever decides reads this before they do."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NoForm(forms.Form):
    """Why a second person does not confirm something."""

    answer = forms.CharField(
        label=_("Why not?"),
        help_text=_("Whoever asked and whom it is about read this."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
