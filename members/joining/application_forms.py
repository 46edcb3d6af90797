"""Forms about applications: the public one, and what the office answers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from coop.models import ZipCode
from coop.postal_areas import meet
from coop.typed.fields import EmailField, PhoneField
from members.joining.candidates import mentors
from members.me.forms import MemberForm
from members.notices import sms
from members.people.members import Member
from members.people.users import User
from members.skills.skills import Skill

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def skills_known() -> list[tuple[str, str]]:
    """Everything on the co-op's list of what people can do, by code."""
    return [(skill.code, str(skill)) for skill in Skill.objects.order_by("pk")]


def skill_names(codes: Iterable[str]) -> list[str]:
    """These of them, in words."""
    names = dict(skills_known())
    return [names.get(code, code) for code in codes]


class ApplyForm(MemberForm):
    """What the co-op asks whoever would like to work here; it asks everybody the same."""

    field_order = [
        "name", "email", "language", "phone", "zip", "hours", "days", "areas", "languages", "skills", "may_work",
        "words",
    ]  # fmt: skip
    email = EmailField(
        label=_("Your e-mail address"),
        help_text=_("We write to you there. Your application counts once you press the link in our mail."),
    )
    phone = PhoneField(help_text=_("Only to talk with you about your application."))
    hours = forms.IntegerField(
        label=_("Hours of work you want a week"),
        min_value=1,
        max_value=60,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    days = forms.TypedMultipleChoiceField(
        label=_("On which days could you work?"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    skills = forms.MultipleChoiceField(
        label=_("What can you do well?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    may_work = forms.TypedChoiceField(
        label=_("Are you allowed to work in the United States for the co-op, as one of its working owners?"),
        help_text=_("We ask everybody. Please send no papers, and do not tell us where you come from."),
        choices=YES_NO,
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In your own words"),
        help_text=_("What you have done so far, and what you would like to do here. A few sentences are enough."),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, user: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["avoids"]
        self.fields["language"].label = _("Which language shall we write to you in?")
        self.initial.setdefault("language", get_language())
        self.fields["skills"].choices = skills_known()  # type: ignore[attr-defined]
        if not self.fields["skills"].choices:  # type: ignore[attr-defined]
            del self.fields["skills"]
        if sms.carrier():
            self.fields["email"].required = False
            self.fields["email"].help_text = _(
                "We write to you there; without one, by text message. Your application counts once you press the link."
            )
        if user:
            del self.fields["email"], self.fields["language"]
            self.initial.setdefault("name", user.name)

    def clean_zip(self) -> ZipCode:
        """Wherever they live: it need not be where we work."""
        found = meet(self.cleaned_data["zip"])
        if found is None:
            raise forms.ValidationError(_("There is no such ZIP code. Please look once more."))
        return found

    @property
    def answers(self) -> dict[str, Any]:
        """What is kept of it besides name and address."""
        said = self.cleaned_data
        kept = ("phone", "zip", "days", "areas", "languages", "may_work", "words")
        told = {name: said[name] for name in kept}
        return told | {"minutes_wanted": said["hours"] * 60, "skills": said.get("skills", [])}


class WordsForm(forms.Form):
    """Words to whoever applied."""

    words = forms.CharField(
        label=_("What you write to them"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    @classmethod
    def to_person(cls, data: Any, *, person: User) -> Self:
        """Words that this person reads, asked for in their language."""
        form, words = cls(data), cls.base_fields["words"]
        about = {"language": get_language_info(person.language)["name_translated"]}
        read_in = gettext("They read this: %(language)s.") % about
        told = words.help_text if person.address else gettext("They get a text message with a link to this.")
        form.fields["words"].help_text = f"{told} {read_in}"
        form.fields["words"].widget.attrs["lang"] = person.language
        return form


class InviteForm(WordsForm):
    """Asking somebody to talk."""

    words = forms.CharField(
        label=_("When and where, in your words"),
        help_text=_("They get this by e-mail."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class NoteForm(WordsForm):
    """What was said, for the office."""

    words = forms.CharField(
        label=_("What was said"),
        help_text=_("Only the membership office and the board read this. Write what is about the work, nothing else."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DeclineForm(WordsForm):
    """Saying no."""

    words = forms.CharField(
        label=_("Why not, in your words"),
        help_text=_("They get this by e-mail. Be kind, and say what is true."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AcceptForm(forms.Form):
    """What somebody can do by our list, and who helps them in the first months."""

    skills = forms.MultipleChoiceField(
        label=_("Which work can they do from now on?"),
        help_text=_("They are asked for work that needs one of these, and for no other."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    mentor = forms.ModelChoiceField(
        label=_("Who is their mentor?"), queryset=Member.objects.none(), required=False, empty_label=_("Chosen later")
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skills"].choices = skills_known()  # type: ignore[attr-defined]
        self.fields["mentor"].queryset = mentors(at)  # type: ignore[attr-defined]
