"""What an office writes and to whom, what is answered, and why something is taken back."""

import re
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.typed.fields import ClockField, DayField, LineField
from members.announcements.announcements import WRITING, Addressee
from members.announcements.audience import Audience
from members.offices.roles import Role
from members.people.members import Member
from members.people.users import User
from members.skills.skills import Skill
from members.standing.meaning import TOLD

MOST = 4000
"""Letters of a text."""
LANGUAGES = ("en", "es")
OF_THE_REGISTER = ("standings", "county", "areas")
"""What only those choose by who read the register: whoever sees whom it goes to would read it from that."""


def _text(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=MOST, widget=forms.Textarea(attrs={"rows": 8}))


def _boxes(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)


class AnnouncementForm(forms.Form):
    """An announcement before it is sent. `shown` is a sign for the people whom the writer has seen listed."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    office = forms.ChoiceField(label=gettext_lazy("As which office?"))
    subject_en = LineField(label=gettext_lazy("Subject in English"), required=False, max_length=120)
    body_en = _text(gettext_lazy("Text in English"))
    subject_es = LineField(label=gettext_lazy("Subject in Spanish"), required=False, max_length=120)
    body_es = _text(gettext_lazy("Text in Spanish"))
    offices = _boxes(gettext_lazy("Who holds one of these offices"))
    skills = _boxes(gettext_lazy("Who can do one of these"))
    standings = _boxes(gettext_lazy("Who stands so"))
    county = forms.ChoiceField(label=gettext_lazy("Who lives in"), required=False)
    areas = LineField(
        label=gettext_lazy("Who lives in these ZIP codes"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Or how they begin, for example: 112 11385"),
    )
    asks = forms.BooleanField(label=gettext_lazy("Ask who can come"), label_suffix="", required=False)
    day = DayField(label=gettext_lazy("Day of a meeting"), required=False)
    clock = ClockField(
        label=gettext_lazy("At what time"), required=False, help_text=gettext_lazy("By the clock where the co-op is.")
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data, initial={"key": uuid4()})
        labels = dict(Role.Kind.choices)
        self._offer("office", [(kind, labels[kind]) for kind in WRITING if kind in user.roles])
        self._offer("offices", Role.Kind.choices)
        self._offer("skills", [(skill.code, str(skill)) for skill in Skill.objects.order_by("pk")])
        self._offer("standings", [(state, state.label) for state in TOLD])
        self._offer("county", [("", gettext_lazy("anywhere")), *((name, name) for name in _counties())])
        if not user.has_perm("members.read_register"):
            for name in OF_THE_REGISTER:
                del self.fields[name]

    def _offer(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_areas(self) -> list[str]:
        areas = re.split(r"[\s,;]+", self.cleaned_data["areas"].strip())
        if wrong := [area for area in areas if area and not re.fullmatch(r"[0-9]{1,5}", area)]:
            raise forms.ValidationError(_("“%(area)s” is no ZIP code."), params={"area": wrong[0]})
        return [area for area in dict.fromkeys(areas) if area]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        self._clean_words()
        if bool(found.get("day")) != bool(found.get("clock")) and not {"day", "clock"} & self.errors.keys():
            self.add_error("clock" if found.get("day") else "day", _("Please give the day and the time."))
        return found

    def _clean_words(self) -> None:
        """One language is enough, and whole."""
        has = {
            language: [bool(self.cleaned_data.get(f"{part}_{language}")) for part in ("subject", "body")]
            for language in LANGUAGES
        }
        for language, (subject, body) in has.items():
            if subject != body:
                self.add_error(f"{'body' if subject else 'subject'}_{language}", _("Please write this, too."))
        if not any(map(any, has.values())):
            self.add_error("subject_en", _("Please write it in one language at least."))

    @property
    def audience(self) -> Audience:
        """Who was chosen."""
        found = self.cleaned_data
        names = ("offices", "skills", "standings", "areas")
        return Audience(**{name: tuple(found.get(name, ())) for name in names}, county=found.get("county", ""))

    @property
    def facts(self) -> dict[str, Any]:
        """The rest of what is sent."""
        found = self.cleaned_data
        names = ("office", "asks", *(f"{part}_{language}" for part in ("subject", "body") for language in LANGUAGES))
        return {name: found[name] for name in names} | {"begins_at": self._begins_at}

    @property
    def _begins_at(self) -> datetime | None:
        day, clock = self.cleaned_data["day"], self.cleaned_data["clock"]
        return timezone.make_aware(datetime.combine(day, clock), timezone.get_default_timezone()) if day else None


def _counties() -> list[str]:
    rows = Member.objects.here().order_by("zip__state", "zip__county").values_list("zip__county", "zip__state")
    return [f"{county}, {state}" for county, state in rows.distinct()]


class AnswerForm(forms.Form):
    """Whether somebody can come."""

    answer = forms.ChoiceField(choices=Addressee.Answer.choices)


class TakeBackForm(forms.Form):
    """Why something does not hold any more."""

    why = LineField(
        label=gettext_lazy("Why is it taken back?"),
        max_length=200,
        help_text=gettext_lazy("Everybody to whom it went reads this line above it."),
    )
