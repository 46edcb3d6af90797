"""Whose times are kept while they book: nobody blocks a week by clicking through it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.policies import MOST_HOLDS
from bookings.visits.quotes import Quote
from bookings.visits.shifts.shifts import Shift
from coop.errors import Refusal

CEILING = 20
"""So many visitors may come from one address of the network (a house, an office, a carrier's line) and fill theirs."""
REMEMBERED = timedelta(hours=1)
JUST_NOW = timedelta(seconds=30)
"""How long a time counts that is being looked for at this moment."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who is not signed in, told apart by keyed hashes: of their browser's session, and of where it is."""

    session: str
    network: str


class KeptTimeQuerySet(models.QuerySet["KeptTime"]):
    def counting(self, at: datetime) -> "KeptTimeQuerySet":
        """Those whose time is kept, or is being looked for."""
        held = Shift.objects.filter(quote=OuterRef("quote"), state=Shift.State.HELD, visit=None, held_until__gt=at)
        fresh = Q(asked_at__gt=at - JUST_NOW, quote__booking=None)
        return self.filter(Exists(held) | fresh)

    def old(self, at: datetime) -> "KeptTimeQuerySet":
        return self.filter(asked_at__lte=at - REMEMBERED)


class KeptTime(models.Model):
    """Which visitor asked last for a draft's time to be kept. Gone after an hour."""

    quote = models.OneToOneField(Quote, on_delete=models.CASCADE, related_name="kept_time")
    session = models.CharField(max_length=32, db_index=True)
    network = models.CharField(max_length=32, db_index=True)
    asked_at = models.DateTimeField()

    objects = KeptTimeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.quote_id}: {self.asked_at}"

    @classmethod
    def ask(cls, draft: Quote, visitor: Visitor, *, at: datetime) -> None:
        """Count one more kept time for a visitor; refused to one who keeps too many. The draft's own does not count.

        In a short transaction of its own, for whoever comes from the same address waits for it.
        """
        most = MOST_HOLDS.on(timezone.localdate(at))
        with transaction.atomic():
            _lock(visitor.session, visitor.network)
            others = cls.objects.counting(at).exclude(quote=draft)
            many = others.filter(session=visitor.session).count() >= most
            if many or others.filter(network=visitor.network).count() >= most * CEILING:
                raise Refusal(
                    _(
                        "We keep other times for you already. Book one of them, or wait some minutes until they are"
                        " free again."
                    ),
                    field="starts_at",
                )
            facts = {"session": visitor.session, "network": visitor.network, "asked_at": at}
            cls.objects.update_or_create(quote=draft, defaults=facts)


def _lock(*names: str) -> None:
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"kept:{name}"])
