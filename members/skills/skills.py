"""What somebody can do, by a code that services ask for and members have."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from coop.errors import Refusal
from coop.in_turn import wait_for_turn
from coop.models import Event
from coop.typed.fields import WrittenLine
from coop.typed.text import in_language, new_code
from members.people.users import User


class Skill(models.Model):
    """Something that work asks for. `Member.skills` and `Service.skill` hold its code, which never changes."""

    code = models.SlugField(max_length=20, unique=True)
    name_en = WrittenLine(max_length=60)
    name_es = WrittenLine(max_length=60)

    def __str__(self) -> str:
        return in_language(self.name_en, self.name_es)

    @classmethod
    @transaction.atomic
    def add(cls, *, name_en: str, name_es: str, at: datetime, by: User, code: str = "") -> "Skill":
        """Put something on the list that people can do, with a new code unless it brings one that is free.

        Refused without one if it is there already under these names.
        """
        wait_for_turn("members.skill")
        if not code and cls.objects.filter(name_en__iexact=name_en, name_es__iexact=name_es).exists():
            raise Refusal(_("That is on the list already."), field="name_en")
        code = code or new_code(name_en, set(cls.objects.values_list("code", flat=True)))
        skill = cls.objects.create(code=code, name_en=name_en, name_es=name_es)
        skill._log("add", name_en, at=at, by=by)
        return skill

    @transaction.atomic
    def change(self, *, name_en: str, name_es: str, at: datetime, by: User) -> None:
        """Call it otherwise; whoever can do it still can."""
        self.refresh_from_db(from_queryset=Skill.objects.select_for_update())
        note = f"{self} → {name_en}, {name_es}"
        if (self.name_en, self.name_es) != (name_en, name_es):
            self.name_en, self.name_es = name_en, name_es
            self.save(update_fields=["name_en", "name_es"])
            self._log("change", note, at=at, by=by)

    def _log(self, verb: str, note: str, *, at: datetime, by: User) -> None:
        Event.objects.create(kind=self._meta.label_lower, subject=self.pk, verb=verb, actor=by, at=at, note=note)
