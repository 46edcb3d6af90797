"""One line of a list that an office keeps: said in both languages, in its order, taken off without being forgotten."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext as _

from coop.errors import Refusal
from coop.states import Logged
from coop.typed.text import in_language

if TYPE_CHECKING:
    from members.models import User


class ListItem(Logged):
    """What stands on a list. Its subclass has the words, `text_en` and `text_es`; what was ticked stays ticked.

    `PART_OF` names the fields of which each value has a list of its own, with its own order.
    """

    PART_OF: ClassVar[tuple[str, ...]] = ()

    position = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        text_en: str
        text_es: str

    class Meta(Logged.Meta):
        abstract = True

    def __str__(self) -> str:
        return in_language(self.text_en, self.text_es)

    @classmethod
    @transaction.atomic
    def add(cls, *, at: datetime, by: "User | None", **said: Any) -> Self:
        """Put something at the end of its list."""
        others = cls._default_manager.filter(**{name: said[name] for name in cls.PART_OF})
        last = others.aggregate(last=models.Max("position"))["last"] or 0
        item = cls._default_manager.create(**said, position=last + 1)
        where = [str(said[name]) for name in cls.PART_OF]
        item.record_event("add", at=at, by=by, note=": ".join([*where, item.text_en]))
        return item

    @transaction.atomic
    def change(self, *, at: datetime, by: "User | None", **said: Any) -> None:
        """Say it in other words, or elsewhere on the lists."""
        self._lock_standing()
        self.record_event("change", at=at, by=by, note=f"{self.text_en} → {said['text_en']}")
        for name, value in said.items():
            setattr(self, name, value)
        self.save(update_fields=list(said))

    @transaction.atomic
    def end(self, *, at: datetime, by: "User | None") -> None:
        """Take it off its list."""
        self._lock_standing()
        self.ended_at = at
        self.save(update_fields=["ended_at"])
        self.record_event("end", at=at, by=by, note=self.text_en)

    def _lock_standing(self) -> None:
        self.lock()
        if self.ended_at is not None:
            raise Refusal(_("This is not on the list any more."))
