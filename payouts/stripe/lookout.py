"""Until when the books know what was done at Stripe in our name. While that is long ago nobody asks for money.

A database that comes out of a backup has an old mark, or is found out by its tables, which are new ones: so it looks
first. What it finds that the books do not know stops all paying until a person has read it (`payouts.recovery`).
"""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from coop.errors import Refusal

THE_ONE = 1
FRESH = timedelta(minutes=30)
"""So old may the mark be, and money is still asked for."""
PAUSE = timedelta(minutes=10)
"""Between two looks when all is well."""
OVERLAP = timedelta(hours=1)
"""Each look begins so much before the mark: clocks differ, and lists are late."""
ANOTHER_KEY = timedelta(days=366)
"""How far back is looked with another key than last time: it may be of another account, which shows nothing of ours."""
ITS_TABLE = "'payouts_lookout'::regclass::oid::bigint"


def _this_table() -> RawSQL:
    """The number by which the database itself knows the table; each restore makes another table."""
    return RawSQL(ITS_TABLE, [], output_field=models.BigIntegerField())  # noqa: S611 - our own words


def this_key() -> str:
    """What tells the key that we ask with from another one, and nothing of it; empty where there is none."""
    key = settings.STRIPE_API_KEY
    return hashlib.sha256(key.encode()).hexdigest()[:32] if key else ""


class LookoutQuerySet(models.QuerySet["Lookout"]):
    def clear(self, at: datetime) -> "LookoutQuerySet":
        """The one row, if money may be asked for."""
        return self._trusted().filter(looked_until__gt=at - FRESH)

    def to_look(self, at: datetime) -> "LookoutQuerySet":
        """The one row, if it is time to look: always after a restore, with another key, and while something is open."""
        return self.exclude(pk__in=self._trusted().filter(looked_until__gt=at - PAUSE))

    def _trusted(self) -> "LookoutQuerySet":
        """The one row, if its mark was made in this database and with this key (or before that was told)."""
        return self.filter(table=_this_table(), key__in=["", this_key()], stopped_at__isnull=True)


class Lookout(models.Model):
    """One row, made by a migration: all that was done at Stripe until `looked_until` is in the books of this `table`.

    It counts for the key that it was made with: another may be of another account. `stopped_at` says since when
    something else keeps all paying waiting.
    """

    looked_until = models.DateTimeField()
    table = models.BigIntegerField()
    key = models.CharField(max_length=32, blank=True)
    stopped_at = models.DateTimeField(null=True)

    objects = LookoutQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=THE_ONE), name="there_is_one_lookout")]

    def __str__(self) -> str:
        return f"{self.looked_until}"

    @classmethod
    def insist(cls, *, at: datetime) -> None:
        """Raises Refusal while we do not know what was paid. Where there is no Stripe, all is known."""
        if settings.STRIPE_API_KEY and not cls.objects.clear(at).exists():
            raise Refusal(
                _("We look first at what Stripe has paid in our name. Until that is done, nobody is paid. Try later.")
            )

    @classmethod
    def held(cls) -> "Lookout":
        """The row, locked until this transaction ends: one look at a time."""
        return cls.objects.select_for_update().get(pk=THE_ONE)

    def has_looked(self, *, at: datetime) -> None:
        """All until then is known, or stands in a recovery."""
        Lookout.objects.filter(pk=self.pk).update(looked_until=at, table=_this_table(), key=this_key())

    def since(self, at: datetime) -> datetime:
        """From when on is to be looked: the mark, or long before it where it was made with another key."""
        mark = min(self.looked_until, at)
        return mark if self.key in ("", this_key()) else min(mark, at - ANOTHER_KEY)

    @classmethod
    def look_again(cls) -> None:
        """Something was met that the books do not know: no money is asked for until all of it was looked at."""
        cls.objects.update(table=0)

    @classmethod
    def stop(cls, *, at: datetime) -> None:
        """Nothing is paid from now on."""
        cls.objects.filter(stopped_at__isnull=True).update(stopped_at=at)

    @classmethod
    def go_on(cls) -> None:
        """A person has read what was found."""
        cls.objects.update(stopped_at=None)
