"""What the office says about services, extras and skills: their words in both languages, and who may come."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.catalog.extras import AddOn
from bookings.catalog.services import WHO_MAY_COME, Service
from bookings.form_fields import Tiles, near
from coop.typed.fields import DayField, LineField
from coop.web.meanwhile import MeanwhileForm
from members.models import CredentialType, Skill

ROOMS, HOURS = "rooms", "hours"
BY = [(ROOMS, _("by rooms")), (HOURS, _("by the hour"))]
LEVELS = [
    ("", _("No checklist")),
    (Service.Level.REGULAR.value, _("What is done at every visit")),
    (Service.Level.DEEP.value, _("All of it, also what only a deep clean has")),
]


class NamesForm(MeanwhileForm):
    """A name in both languages, side by side."""

    name_en = LineField(label=_("Name in English"), max_length=60)
    name_es = LineField(label=_("Name in Spanish"), max_length=60)


class ServiceForm(NamesForm):
    """A service: its words, and who may come for it."""

    summary_en = LineField(label=_("What is done, in English"), max_length=200)
    summary_es = LineField(label=_("What is done, in Spanish"), max_length=200)
    by_the_hour = forms.TypedChoiceField(
        label=_("How is it measured?"), choices=BY, initial=ROOMS, coerce=HOURS.__eq__, widget=Tiles
    )
    skill = forms.ChoiceField(label=_("What must whoever comes be able to do?"))
    credential = forms.ChoiceField(label=_("Which certificate must they hold?"), required=False)
    level = forms.ChoiceField(label=_("Which checklist?"), choices=LEVELS, required=False)

    def __init__(self, data: Any, *, service: Service | None = None) -> None:
        super().__init__(data, initial={name: getattr(service, name) for name in self.base_fields} if service else None)
        if service:
            self.initial["by_the_hour"] = HOURS if service.by_the_hour else ROOMS
        self.fields["skill"].choices = [(one.code, str(one)) for one in Skill.objects.order_by("pk")]  # type: ignore[attr-defined]
        self.fields["credential"].choices = [("", _("None")), *_kinds()]  # type: ignore[attr-defined]
        if service and service.bookings.exists():
            for name in WHO_MAY_COME:
                self.fields[name].disabled = True


def _kinds() -> list[tuple[str, str]]:
    """The kinds of certificates that the membership office has named."""
    return [(one.code, str(one)) for one in CredentialType.objects.order_by("pk")]


class AddOnForm(NamesForm):
    """An extra: its words, and with which services it can be had."""

    services = forms.ModelMultipleChoiceField(
        label=_("With which services?"),
        queryset=Service.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one service that it can be had with.")},
    )

    most = forms.IntegerField(
        label=_("How many can be asked for at once?"),
        help_text=_("1 for what one has or has not, such as the oven; more for windows or loads of laundry."),
        min_value=1,
        max_value=20,
        initial=1,
    )

    def __init__(self, data: Any, *, extra: AddOn | None = None) -> None:
        said = ("name_en", "name_es", "most")
        super().__init__(data, initial={name: getattr(extra, name) for name in said} if extra else {})
        today = timezone.localdate()
        self.retired: list[Service] = list(extra.services.retired(today)) if extra else []
        if extra:
            self.initial["services"] = extra.services.on_list(today)
        self.fields["services"].queryset = Service.objects.on_list(today)  # type: ignore[attr-defined]

    def clean_services(self) -> list[Service]:
        """Those that were chosen, and what it can be had with once they are brought back."""
        return [*self.cleaned_data["services"], *self.retired]


class RetirementForm(forms.Form):
    """From which day on something cannot be chosen any more."""

    from_day = DayField(label=_("From which day on?"))

    def clean_from_day(self) -> date:
        return near(self.cleaned_data["from_day"])


class SkillForm(NamesForm):
    """Something that somebody can do."""

    def __init__(self, data: Any, *, skill: Skill | None = None) -> None:
        super().__init__(data, initial={"name_en": skill.name_en, "name_es": skill.name_es} if skill else None)
