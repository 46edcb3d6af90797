"""Until when the balance at Stripe was read: it moves only together with what was read."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Min

from payouts.ledger.ledger import Entry
from payouts.reconciliation.movements import Movement
from payouts.stripe import walking

THE_ONE = 1
MARGIN = timedelta(hours=1)
"""How far before the mark is read once more: clocks differ, and a list may be a little late."""
AT_ONCE = timedelta(days=31)
"""The longest span of days that is read and kept in one step."""


class Mark(models.Model):
    """One row: everything that moved before `read_until` stands among the movements."""

    read_until = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=THE_ONE), name="the_balance_has_one_mark")]

    def __str__(self) -> str:
        return self.read_until.isoformat()

    @classmethod
    def begins(cls, *, at: datetime) -> datetime:
        """From where to read: the mark, or where our books begin."""
        row = cls.objects.filter(pk=THE_ONE).first()
        first = row.read_until if row else Entry.objects.aggregate(first=Min("posted_at"))["first"] or at
        return min(first, at) - MARGIN

    @classmethod
    def walk(cls, *, at: datetime) -> None:
        """Read all that moved since the mark, span by span; killed in between, the next reads the same span again."""
        since = cls.begins(at=at)
        while since < at:
            until = min(since + AT_ONCE, at)
            cls._keep(walking.movements(since=since, before=until + MARGIN), until=until, at=at)
            since = until

    @classmethod
    def _keep(cls, moved: list[walking.Moved], *, until: datetime, at: datetime) -> None:
        with transaction.atomic():
            Movement.keep(moved, at=at)
            row, is_new = cls.objects.select_for_update().get_or_create(pk=THE_ONE, defaults={"read_until": until})
            if not is_new and row.read_until < until:
                row.read_until = until
                row.save(update_fields=["read_until"])
