"""What an hour of work was paid, for whoever thinks of working here."""

from collections import Counter
from datetime import date, timedelta

from django.db.models import F, Sum

from bookings.models import Shift
from payouts.ledger.ledger import Account, Entry, Transfer
from payouts.ledger.supplements import Supplement

A_MINUTE = timedelta(minutes=1)
FOR_WORK = (Entry.Kind.VISIT, *Supplement.Kind, Entry.Kind.REFUND, Entry.Kind.REVERSAL)
"""What pays work, and what was taken back of it; no tips, and no fees for visits that were called off."""


def hourly(first: date, last: date) -> list[int]:
    """Cents an hour of each member who worked on these days, first and last included, rounded down. Four queries."""
    cents, minutes = _cents(first, last), _minutes(first, last)
    return [cents[member] * 60 // minutes[member] for member in sorted(minutes) if minutes[member]]


def _cents(first: date, last: date) -> "Counter[int]":
    rows = Transfer.objects.filter(entry__effective_on__range=(first, last), entry__kind__in=FOR_WORK)
    found: Counter[int] = Counter()
    for end, sign in (("payee", 1), ("payer", -1)):
        mine = rows.filter(**{f"{end}__kind": Account.Kind.PAY}).order_by().values_list(f"{end}__member")
        for member, cents in mine.annotate(Sum("cents")):
            found[member] += sign * cents
    return found


def _minutes(first: date, last: date) -> "Counter[int]":
    """At homes, and paid between them or where somebody had to leave."""
    found: Counter[int] = Counter()
    entries = Entry.objects.filter(kind=Entry.Kind.VISIT, effective_on__range=(first, last))
    done = Shift.objects.filter(state=Shift.State.DONE, member__isnull=False, visit__in=entries.values("visit"))
    for member, time in done.order_by().values_list("member").annotate(time=Sum(F("ends_at") - F("starts_at"))):
        found[member] += time // A_MINUTE
    kinds = [Supplement.Kind.BETWEEN, Supplement.Kind.LEFT]
    beyond = Supplement.objects.filter(kind__in=kinds, entry__effective_on__range=(first, last))
    for member, paid in beyond.order_by().values_list("member").annotate(Sum("minutes")):
        found[member] += paid
    return found
