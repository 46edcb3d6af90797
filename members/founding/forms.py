"""What the first person of a co-op is asked."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.models import ZipCode
from coop.postal_areas import meet
from coop.typed.fields import EmailField, LineField, NameField, PhoneField, ZipField
from members.notices import sms
from members.offices.roles import Role
from members.offices.words import OFFICES
from members.people.members import Member
from members.people.users import User

FIRST = (Role.Kind.COORDINATOR, Role.Kind.TREASURER, Role.Kind.BOARD, Role.Kind.MEMBERSHIP)
"""What somebody who is alone has to do to begin with."""


class OfficesField(forms.MultipleChoiceField):
    """Which offices somebody holds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"choices": OFFICES, "widget": forms.CheckboxSelectMultiple, **kwargs})


class HomeField(ZipField):
    """Where somebody lives, as a postal area that exists; the co-op need not work there."""

    def __init__(self, **kwargs: Any) -> None:
        said = gettext_lazy("To plan your way to the first visit. Clients never see it.")
        super().__init__(**{"label": gettext_lazy("Home ZIP code"), "help_text": said, **kwargs})

    def clean(self, value: Any) -> ZipCode:
        found = meet(super().clean(value))
        if found is None:
            raise forms.ValidationError(_("There is no such ZIP code."))
        return found


class FounderForm(forms.Form):
    """Somebody who is signed in already: where they live, and what they look after."""

    name = NameField(label=gettext_lazy("Your name"))
    called = LineField(
        label=gettext_lazy("What is the co-op called?"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("You can say it later, and otherwise."),
    )
    zip = HomeField()
    offices = OfficesField(
        label=gettext_lazy("What do you look after to begin with?"),
        help_text=gettext_lazy("You share it out once the others are here."),
        required=False,
        initial=FIRST,
    )


class FirstFounderForm(FounderForm):
    """The same of somebody whom nobody knows yet."""

    email = EmailField(
        label=gettext_lazy("Your e-mail address"), help_text=gettext_lazy("We send a code there each time you sign in.")
    )

    field_order = ["name", "email", "called", "zip", "offices"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(
                _("This address has an account already. Sign in with it first, then open this page again.")
            )
        return email


class InviteForm(forms.Form):
    """Whom to ask, and for which offices."""

    name = NameField(label=gettext_lazy("Their name"))
    email = EmailField(label=gettext_lazy("Their e-mail address"), required=False)
    phone = PhoneField(
        label=gettext_lazy("Their mobile phone"),
        required=False,
        help_text=gettext_lazy(
            "Without an e-mail address, the invitation and the codes to sign in go there by text message."
        ),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    offices = OfficesField(label=gettext_lazy("What will they look after?"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sms.carrier() is None:
            del self.fields["phone"]
            self.fields["email"].required = True
            self.fields["email"].help_text = _("It is needed, because the co-op sends no text messages yet.")

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not (self.errors or said["email"] or said.get("phone")):
            self.add_error("email", _("Please give an e-mail address or a mobile phone."))
        return said


class AcceptForm(forms.Form):
    """What somebody says who accepts."""

    name = NameField(label=gettext_lazy("Your name"))
    zip = HomeField()


class ShareForm(forms.Form):
    """Who looks after what: each founder with all offices. Whoever joins meanwhile keeps theirs (`shown`)."""

    def __init__(self, *args: Any, members: Iterable[Member], at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {f"member-{member.pk}": member for member in members}
        held = Role.objects.held(at)
        for name, member in self.members.items():
            kinds = [role.kind for role in held if role.member_id == member.pk]
            self.fields[name] = OfficesField(label=str(member), required=False, initial=kinds)
        self.fields["shown"] = forms.MultipleChoiceField(
            choices=[(name, name) for name in self.members],
            initial=list(self.members),
            required=False,
            widget=forms.MultipleHiddenInput,
        )

    @property
    def chosen(self) -> dict[Member, list[str]]:
        """The offices of each founder who stood on the page."""
        shown = {*self.cleaned_data["shown"], *self.data}
        return {member: self.cleaned_data[name] for name, member in self.members.items() if name in shown}
