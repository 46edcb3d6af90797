"""Forms about the duties of the year."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import DayField, LineField
from coop.web.documents import DocumentField
from coop.web.meanwhile import MeanwhileForm
from members.duties.duties import Duty
from members.duties.usual import USUAL, Usual, not_yet
from members.people.members import Member


class Owners(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Members, by name."""

    def label_from_instance(self, member: Any) -> str:
        return str(member)


class DutyForm(MeanwhileForm):
    """A duty: what, by when, and who looks after it."""

    title_en = LineField(label=_("What has to be done?"), max_length=120)
    title_es = LineField(
        label=_("The same in Spanish"),
        help_text=_("Left empty, everybody reads it as it stands above."),
        max_length=120,
        required=False,
    )
    due_on = DayField(label=_("By which day?"))
    repeats = forms.ChoiceField(
        label=_("How often?"), choices=Duty.Repeats.choices, initial=Duty.Repeats.YEARLY, widget=forms.RadioSelect
    )
    owner = Owners(label=_("Who looks after it?"), queryset=Member.objects.none(), required=False)
    deputy = Owners(
        label=_("Who, when they are away?"),
        help_text=_("The deputy is told when the first is on leave or has left."),
        queryset=Member.objects.none(),
        required=False,
    )
    about_en = forms.CharField(
        label=_("What is good to know?"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    about_es = forms.CharField(
        label=_("That in Spanish"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any, *, about: Duty | None = None) -> None:
        super().__init__(data, initial={name: self._known(about, name) for name in self.base_fields} if about else None)
        people = Member.objects.acting()
        if about:
            people |= Member.objects.filter(pk__in=[one for one in (about.owner_id, about.deputy_id) if one])
        for name in ("owner", "deputy"):
            self.fields[name].queryset = people.select_related("user").order_by("user__name", "pk")  # type: ignore[attr-defined]

    @staticmethod
    def _known(about: Duty, name: str) -> Any:
        return getattr(about, f"{name}_id" if name in ("owner", "deputy") else name)


class UsualForm(forms.Form):
    """Which of the usual duties the co-op has."""

    codes = forms.MultipleChoiceField(
        label=_("Which of these do you have?"),
        help_text=_("Days and people can be changed one by one afterwards."),
        error_messages={"required": _("Please choose at least one.")},
        widget=forms.CheckboxSelectMultiple(attrs={"class": "wide"}),
    )

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data)
        self.left = list(not_yet(set(Duty.objects.standing().exclude(code="").values_list("code", flat=True))))
        self.fields["codes"].choices = [(one.code, self._label(one, today)) for one in self.left]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Usual]:
        return [one for one in USUAL if one.code in self.cleaned_data["codes"]]

    @staticmethod
    def _label(one: Usual, today: date) -> str:
        return f"{one.title} ({date_format(one.next(today))})"


class FinishForm(forms.Form):
    """What shows that it is done."""

    note = forms.CharField(
        label=_("What was done?"),
        help_text=_("For example: filed online, confirmation 4711, paid from the operating account."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    paper = DocumentField(
        label=_("A paper that shows it"),
        help_text=_(
            "A PDF or a photo. A note is enough, too."
            " Of a PDF its pages stay: links, attachments and whatever could run are taken out."
        ),
        required=False,
    )


class DropForm(forms.Form):
    """Why it need not be done any more."""

    note = LineField(label=_("Why is it not needed any more?"), max_length=200)
