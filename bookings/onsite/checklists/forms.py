"""What the office says about the rooms' lists, and what a worker ticks of them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.catalog.services import Service
from bookings.form_fields import Tiles
from bookings.onsite.checklists.checklists import ChecklistTask
from coop.typed.fields import LineField
from coop.web.meanwhile import MeanwhileForm


class TaskForm(MeanwhileForm):
    """One task, in both languages."""

    text_en = LineField(label=_("In English"), max_length=120)
    text_es = LineField(label=_("In Spanish"), max_length=120)
    room = forms.ChoiceField(label=_("Room"), choices=ChecklistTask.Room.choices)
    level = forms.ChoiceField(label=_("When?"), choices=Service.Level.choices, widget=Tiles)

    @classmethod
    def about(cls, task: ChecklistTask, data: Any = None) -> "TaskForm":
        """The form as a task stands now."""
        return cls(data, initial={name: getattr(task, name) for name in cls.base_fields})


class TicksForm(forms.Form):
    """What is done so far."""

    tasks = forms.ModelMultipleChoiceField(queryset=ChecklistTask.objects.none(), required=False)

    def __init__(self, data: Any, *, service: Service) -> None:
        super().__init__(data)
        self.fields["tasks"].queryset = ChecklistTask.objects.standing().of(service)  # type: ignore[attr-defined]
