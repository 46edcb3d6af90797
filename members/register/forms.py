"""What the office looks for, and writes down about a member."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import LineField
from coop.web.meanwhile import MeanwhileForm
from members.me.forms import MemberForm
from members.people.members import Member
from members.skills.skills import Skill
from members.standing.meaning import MemberState

NOTE = _("How do you know?")
SAID = _("It stands in their file, and they are told.")


class FindForm(forms.Form):
    """Which members are listed."""

    q = LineField(label=_("Name, e-mail or phone"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("Standing"), required=False)
    skill = forms.ChoiceField(label=_("Can do"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        here = [("", _("all who are here")), *MemberState.choices]
        self.fields["state"].choices = here  # type: ignore[attr-defined]
        skills = [(skill.code, str(skill)) for skill in Skill.objects.order_by("pk")]
        self.fields["skill"].choices = [("", _("anything")), *skills]  # type: ignore[attr-defined]


class SkillsForm(MeanwhileForm):
    """What a member can do."""

    skills = forms.MultipleChoiceField(label=_("What they can do"), required=False, widget=forms.CheckboxSelectMultiple)
    note = LineField(label=NOTE, max_length=200, help_text=SAID)

    def __init__(self, data: Any = None, *, member: Member) -> None:
        super().__init__(data, initial={"skills": member.skills})
        listed = [(skill.code, str(skill)) for skill in Skill.objects.order_by("pk")]
        self.fields["skills"].choices = listed  # type: ignore[attr-defined]


class RecordForm(MeanwhileForm):
    """What a member said to be changed."""

    phone = MemberForm.base_fields["phone"]
    zip = MemberForm.base_fields["zip"]
    areas = MemberForm.base_fields["areas"]
    hours = MemberForm.base_fields["hours"]
    note = LineField(label=NOTE, max_length=200, help_text=SAID)

    clean_zip = MemberForm.clean_zip
    clean_areas = MemberForm.clean_areas
