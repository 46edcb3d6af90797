"""Forms about certificates."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import DayField, LineField
from coop.web.images import PhotoField
from coop.web.meanwhile import MeanwhileForm
from members.credentials.credential_types import CredentialType
from members.credentials.evidence import Evidence
from members.people.members import Member
from members.people.users import User


class EvidenceForm(forms.Form):
    """A certificate that somebody has."""

    type = forms.ModelChoiceField(label=_("Which certificate?"), queryset=CredentialType.objects.none())
    number = LineField(label=_("Its number"), help_text=_("If it has one."), max_length=40, required=False)
    issued_on = DayField(label=_("Issued on"))
    expires_on = DayField(label=_("Holds until"), help_text=_("Leave it empty if it says no end."), required=False)
    photo = PhotoField(
        label=_("A photo of it"),
        help_text=_("JPEG, PNG or WebP. Of a PDF, a screenshot will do. Cover what is nobody's business."),
        required=False,
    )

    def __init__(self, data: Any, files: Any) -> None:
        super().__init__(data, files)
        self.fields["type"].queryset = CredentialType.objects.order_by("pk")  # type: ignore[attr-defined]

    def show(self, member: Member, *, at: datetime, by: User) -> Evidence:
        """Let it wait to be checked."""
        said = {name: self.cleaned_data[name] for name in ("type", "number", "issued_on", "expires_on")}
        sent = self.cleaned_data["photo"]
        return Evidence.show(member, **said, photo=sent.read() if sent else None, at=at, by=by)


class Members(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Members, by name."""

    def label_from_instance(self, member: Any) -> str:
        return str(member)


class WriteDownForm(EvidenceForm):
    """A certificate that the office has seen."""

    field_order = ["member"]
    member = Members(label=_("Whose is it?"), queryset=Member.objects.none())

    def __init__(self, data: Any, files: Any, *, by: User) -> None:
        super().__init__(data, files)
        here = Member.objects.here().exclude(user=by).select_related("user").order_by("user__name", "pk")
        self.fields["member"].queryset = here  # type: ignore[attr-defined]


class RefuseForm(forms.Form):
    """Why a certificate is not accepted."""

    words = forms.CharField(
        label=_("Why not, and what would do?"),
        help_text=_("They get this by e-mail."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class EndForm(forms.Form):
    """Why a certificate holds no more."""

    words = LineField(label=_("Why does it hold no more?"), help_text=_("They get this by e-mail."), max_length=200)


EVIDENCE = [("yes", _("A photo of it is needed")), ("no", _("Its number is enough"))]


class TypeForm(MeanwhileForm):
    """A kind of certificate."""

    name_en = LineField(label=_("Name in English"), max_length=60)
    name_es = LineField(label=_("Name in Spanish"), max_length=60)
    months = forms.IntegerField(
        label=_("For how many months does it hold?"),
        help_text=_("Empty: until the day that stands on it, or without an end."),
        min_value=1,
        max_value=240,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    needs_evidence = forms.TypedChoiceField(
        label=_("What has to be shown?"),
        choices=EVIDENCE,
        coerce=lambda said: said == "yes",
        initial="yes",
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any, *, about: CredentialType | None = None) -> None:
        super().__init__(data, initial=self._known(about) if about else None)

    @staticmethod
    def _known(about: CredentialType) -> dict[str, Any]:
        known = {name: getattr(about, name) for name in ("name_en", "name_es", "months")}
        return known | {"needs_evidence": "yes" if about.needs_evidence else "no"}
