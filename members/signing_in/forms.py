"""What somebody new is asked. Allauth reads this while it loads."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import NameField
from members.people.users import User


class SignupForm(forms.Form):
    """What we ask of somebody new besides their e-mail address."""

    name = NameField(label=_("Your name"))

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name and the language in which they came."""
        user.introduce(name=self.cleaned_data["name"], language=getattr(request, "LANGUAGE_CODE", "en"))
