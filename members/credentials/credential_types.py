"""The kinds of certificates that work may need."""

from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.in_turn import wait_for_turn
from coop.models import Event
from coop.typed.fields import WrittenLine
from coop.typed.text import in_language, new_code
from members.people.users import User


class CredentialType(models.Model):
    """A kind of certificate. `Credential.kind` and services hold its code, which never changes.

    `months` is how long one holds at most, none if only it says; without `needs_evidence` its number is enough.
    """

    code = models.SlugField(max_length=20, unique=True)
    name_en = WrittenLine(max_length=60)
    name_es = WrittenLine(max_length=60)
    months = models.PositiveSmallIntegerField(null=True)
    needs_evidence = models.BooleanField(default=True)

    class Meta:
        verbose_name = gettext_lazy("kind of certificate")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(months=None) | models.Q(months__gt=0), name="a_certificate_holds_for_a_while"
            )
        ]

    def __str__(self) -> str:
        return in_language(self.name_en, self.name_es)

    def last_day(self, issued_on: date) -> date | None:
        """The day from which one of that day holds no more at the latest."""
        return issued_on + relativedelta(months=self.months) if self.months else None

    @classmethod
    @transaction.atomic
    def add(
        cls,
        *,
        name_en: str,
        name_es: str,
        months: int | None,
        needs_evidence: bool,
        at: datetime,
        by: User,
        code: str = "",
    ) -> "CredentialType":
        """Put a kind on the list that services can ask for, with a new code unless it brings one that is free.

        Refused without one if it is there already under these names.
        """
        wait_for_turn("members.credential_type")
        if not code and cls.objects.filter(name_en__iexact=name_en, name_es__iexact=name_es).exists():
            raise Refusal(_("That is on the list already."), field="name_en")
        code = code or new_code(name_en, set(cls.objects.values_list("code", flat=True)))
        facts = {"name_en": name_en, "name_es": name_es, "months": months, "needs_evidence": needs_evidence}
        made = cls.objects.create(code=code, **facts)
        made._log("add", name_en, at=at, by=by)
        return made

    @transaction.atomic
    def change(
        self, *, name_en: str, name_es: str, months: int | None, needs_evidence: bool, at: datetime, by: User
    ) -> None:
        """Say it otherwise, for what is shown from now on; what was checked holds as it was."""
        self.refresh_from_db(from_queryset=CredentialType.objects.select_for_update())
        facts = {"name_en": name_en, "name_es": name_es, "months": months, "needs_evidence": needs_evidence}
        before = {name: getattr(self, name) for name in facts}
        if before != facts:
            CredentialType.objects.filter(pk=self.pk).update(**facts)
            self.refresh_from_db()
            self._log("change", ", ".join(f"{before[name]} → {new}" for name, new in facts.items()), at=at, by=by)

    def _log(self, verb: str, note: str, *, at: datetime, by: User) -> None:
        Event.objects.create(kind=self._meta.label_lower, subject=self.pk, verb=verb, actor=by, at=at, note=note)
