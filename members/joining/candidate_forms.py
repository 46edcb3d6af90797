"""Forms about candidates, and about what they learn."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import LineField
from coop.web.meanwhile import MeanwhileForm
from members.joining.candidates import Candidate, mentors
from members.joining.learning import Learned, Lesson
from members.joining.progress import Progress
from members.people.members import Member


class MentorForm(forms.Form):
    """Who helps a candidate."""

    mentor = forms.ModelChoiceField(label=_("Who is their mentor?"), queryset=Member.objects.none())

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentor"].queryset = mentors(at)  # type: ignore[attr-defined]


class LearnedForm(MeanwhileForm):
    """What a candidate has learned by now."""

    lessons = forms.ModelMultipleChoiceField(
        label=_("Tick what they know by now"),
        queryset=Lesson.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any) -> None:
        learned = Learned.objects.filter(candidate=candidate).values_list("lesson", flat=True)
        super().__init__(*args, **kwargs)
        self.initial["lessons"] = list(learned)
        self.fields["lessons"].queryset = Lesson.objects.standing()  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why somebody is admitted, or told no."""

    reason = forms.CharField(label=_("Why?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    @classmethod
    def to_admit(cls, *args: Any, progress: Progress) -> "ReasonForm":
        """Where all is there that the rules ask for, that is reason enough."""
        form = cls(*args)
        form.fields["reason"].required = not progress.is_met
        return form

    @classmethod
    def to_turn_down(cls, *args: Any) -> "ReasonForm":
        """They read it before it is decided, and answer."""
        form = cls(*args)
        form.fields["reason"].help_text = _("They read this, and can answer before a second person decides.")
        return form


class LessonForm(MeanwhileForm):
    """One thing to learn, in both languages."""

    text_en = LineField(label=_("In English"), max_length=160)
    text_es = LineField(label=_("In Spanish"), max_length=160)
