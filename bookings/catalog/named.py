"""What stands in the catalogue under a name: its words, its place, and whether it can still be chosen."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self, TypeVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coop.errors import Refusal
from coop.in_turn import wait_for_turn
from coop.models import Event
from coop.typed.text import in_language, new_code
from members.models import User

N = TypeVar("N", bound="Named")


class NamedQuerySet(models.QuerySet[N]):
    def standing(self) -> Self:
        """What is not retired, nor will be, in the order of the catalogue."""
        return self.filter(retired_on__isnull=True).order_by("position", "pk")

    def on_list(self, day: date) -> Self:
        """What is not retired on `day`, in the order of the catalogue; it may be later."""
        stays = models.Q(retired_on__isnull=True) | models.Q(retired_on__gt=day)
        return self.filter(stays).order_by("position", "pk")

    def retired(self, day: date) -> Self:
        """What cannot be chosen on `day` any more."""
        return self.filter(retired_on__lte=day).order_by("position", "pk")


class Named(models.Model):
    """Something with a short code and a name in both languages. What is retired stays where it was agreed.

    From `retired_on` on nobody can choose it.
    """

    code = models.SlugField(max_length=20, unique=True)
    name_en = models.CharField(max_length=60)
    name_es = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    retired_on = models.DateField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return in_language(self.name_en, self.name_es)

    def is_offered(self, day: date) -> bool:
        """Can new visits choose it on that day, as far as it is not retired?"""
        return self.retired_on is None or day < self.retired_on

    @classmethod
    def add(cls, *, name_en: str, name_es: str, at: datetime, by: User, code: str = "", **said: Any) -> Self:
        """Put something at the end of the catalogue, with a new code of its name unless it brings one that is free.

        It can be chosen once it has a price. Refused while the same stands there already under these names.
        """
        with transaction.atomic():
            wait_for_turn(cls._meta.label_lower)
            same = cls._default_manager.filter(name_en__iexact=name_en, name_es__iexact=name_es, retired_on=None)
            if not code and same.exists():
                raise Refusal(_("That is on the list already."), field="name_en")
            last = cls._default_manager.aggregate(last=models.Max("position"))["last"]
            place = 0 if last is None else last + 1
            code = code or new_code(name_en, set(cls._default_manager.values_list("code", flat=True)))
            made = cls._default_manager.create(code=code, name_en=name_en, name_es=name_es, position=place, **said)
            made._log("add", name_en, at=at, by=by)
        return made

    def change(self, *, at: datetime, by: User, **said: Any) -> None:
        """Say it otherwise, from now on and everywhere."""
        with transaction.atomic():
            self._take()
            changed = {field: value for field, value in said.items() if getattr(self, field) != value}
            if changed:
                self._insist_that_it_may(set(changed))
                note = ", ".join(f"{getattr(self, field) or '–'} → {value or '–'}" for field, value in changed.items())
                for field, value in changed.items():
                    setattr(self, field, value)
                self.save(update_fields=list(changed))
                self._log("change", note, at=at, by=by)

    @transaction.atomic
    def retire(self, *, from_day: date, at: datetime, by: User) -> None:
        """From that day on nobody can choose it; what was agreed stays and goes on. Twice is once.

        Refused for days that are over. Until it is retired the day can be another one.
        """
        self._take()
        today = timezone.localdate(at)
        if from_day < today:
            raise Refusal(_("That day is over. Please choose today or a later day."), field="from_day")
        if self.retired_on is None or (self.retired_on > today and self.retired_on != from_day):
            self._retire(from_day, "retire", at=at, by=by)

    @transaction.atomic
    def bring_back(self, *, at: datetime, by: User) -> None:
        """New visits can choose it (again), whether its day has come or not. Twice is once."""
        self._take()
        if self.retired_on is not None:
            self._retire(None, "bring_back", at=at, by=by)

    @transaction.atomic
    def move_up(self, *, at: datetime, by: User) -> None:
        """Stand before what stands before it now. The first stays where it is."""
        rows = list(type(self)._default_manager.select_for_update().order_by("position", "pk"))
        today = timezone.localdate(at)
        standing = [row for row in rows if row.retired_on is None or row.retired_on > today]
        place = next((n for n, row in enumerate(standing) if row.pk == self.pk), 0)
        if place:
            before = rows.index(standing[place - 1])
            rows.insert(before, rows.pop(rows.index(standing[place])))
            for number, row in enumerate(rows):
                row.position = number
            type(self)._default_manager.bulk_update(rows, ["position"])
            self._log("move_up", "", at=at, by=by)

    def log_price(self, said: str, *, from_day: date, at: datetime, by: User) -> None:
        """Write down for all members that somebody set a price."""
        self._log("set_price", f"{said}, {from_day}", at=at, by=by)

    def history(self) -> models.QuerySet[Event]:
        """Who did what to it, latest first."""
        return Event.objects.about(self).select_related("actor").reverse()

    def _take(self) -> None:
        self.refresh_from_db(from_queryset=type(self)._default_manager.select_for_update())

    def _insist_that_it_may(self, changed: set[str]) -> None:
        """Refuse what must stay as it was agreed."""

    def _retire(self, retired_on: date | None, verb: str, *, at: datetime, by: User) -> None:
        self.retired_on = retired_on
        self.save(update_fields=["retired_on"])
        self._log(verb, str(retired_on or ""), at=at, by=by)

    def _log(self, verb: str, note: str, *, at: datetime, by: User) -> None:
        Event.objects.create(kind=self._meta.label_lower, subject=self.pk, verb=verb, actor=by, at=at, note=note)


def before(from_day: date, today: date, *, is_first: bool) -> None:
    """Refused unless the day that a price begins is still to come; the first price may begin today."""
    if from_day < today or (from_day == today and not is_first):
        raise Refusal(_("A new price begins tomorrow at the earliest: what was agreed before stays."), field="from_day")


def no_longer(gone: Iterable[Named]) -> str:
    """That these are not offered any more, for whoever chose them before."""
    named = ", ".join(f"“{one}”" for one in gone)
    return _("We do not offer %(what)s any more. Please choose again; everything else is kept.") % {"what": named}
