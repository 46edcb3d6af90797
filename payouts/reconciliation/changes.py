"""By how much an entry of the books changes what is held for us: by Stripe, or by our bank."""

from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from payouts.ledger.ledger import Entry


def changing(kind: str) -> "QuerySet[Any]":
    """Entries that change what accounts of this kind hold for us, each with `.change`: cents, below zero if less."""
    came, went = Q(transfers__payer__kind=kind), Q(transfers__payee__kind=kind)
    sums = {"came": Coalesce(Sum("transfers__cents", filter=came), 0)}
    sums["went"] = Coalesce(Sum("transfers__cents", filter=went), 0)
    rows = Entry.objects.filter(Q(transfers__payer__kind=kind) | Q(transfers__payee__kind=kind))
    return rows.annotate(change=sums["came"] - sums["went"])


def change_by(entry: Entry, kind: str) -> int:
    """The cents of one entry."""
    found = changing(kind).filter(pk=entry.pk).first()
    return int(found.change) if found else 0
