"""What the bank says happened in our account, line by line, and what in the books goes with each."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.models import append_only
from coop.money import dollars
from coop.states import Logged
from coop.typed.fields import WrittenLine
from payouts.ledger.ledger import Account, Entry
from payouts.reconciliation.changes import change_by, changing
from payouts.stripe.names import digest_of

if TYPE_CHECKING:
    from members.models import User

NEAR = timedelta(days=3)
"""How far the bank's day may be from that of the books."""
MOST_WORDS, MOST_REFERENCE = 60, 40


@dataclass(frozen=True)
class Read:
    """A line of a bank's file: cents below zero went from our account."""

    day: date
    cents: int
    words: str = ""
    reference: str = ""


class BankLineQuerySet(models.QuerySet["BankLine"]):
    def visible_to(self, user: "User") -> "BankLineQuerySet":
        return self if user.has_perm("payouts.see_reconciliation") else self.none()

    def open(self) -> "BankLineQuerySet":
        """Those that nothing in the books goes with yet."""
        return self.filter(~Exists(BankMatch.objects.filter(line=OuterRef("pk")))).order_by("day", "pk")


class BankLine(Logged):
    """One line of our account at the bank. Of the file only this is kept: day, cents, a few words, a reference."""

    print = models.CharField(max_length=32, unique=True)
    day = models.DateField()
    cents = models.BigIntegerField()
    words = WrittenLine(max_length=MOST_WORDS, blank=True)
    reference = WrittenLine(max_length=MOST_REFERENCE, blank=True)
    read_at = models.DateTimeField()
    read_by = models.ForeignKey("members.User", on_delete=models.PROTECT, related_name="+")

    objects = BankLineQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("line of the bank")
        constraints = [models.CheckConstraint(condition=~Q(cents=0), name="a_line_of_the_bank_moves_something")]
        indexes = [models.Index(fields=["-day"], name="bank_lines_by_day")]
        triggers = append_only("lines_of_the_bank_are_never_changed")

    def __str__(self) -> str:
        return f"{self.day}: {dollars(self.cents)}"

    def get_absolute_url(self) -> str:
        return reverse("match_line", args=[self.pk])

    @classmethod
    def take_in(cls, read: Iterable[Read], *, at: datetime, by: "User") -> int:
        """Keep the lines of a file, and match what can be; how many are new. A line that comes again counts once."""
        times: Counter[tuple[str, ...]] = Counter()
        rows = []
        for one in read:
            said = (one.day.isoformat(), str(one.cents), one.reference or one.words)
            times[said] += 1
            facts = {"day": one.day, "cents": one.cents, "words": one.words, "reference": one.reference}
            rows.append(BankLine(print=_print_of(said, times[said]), read_at=at, read_by=by, **facts))
        with transaction.atomic():
            known = set(cls.objects.filter(print__in=[row.print for row in rows]).values_list("print", flat=True))
            new = [row for row in rows if row.print not in known]
            BankLine.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
            match_what_fits(at=at)
        return len(new)

    def match(self, entries: Iterable[Entry], *, at: datetime, by: "User") -> None:
        """A person says what in the books goes with it: the sums have to be the same."""
        chosen = list(entries)
        with transaction.atomic():
            self.lock()
            if self.matches.exists():
                raise Refusal(_("Somebody has said already what goes with this line."))
            if not chosen or (total := sum(change_by(entry, Account.Kind.BANK) for entry in chosen)) != self.cents:
                said = {"line": dollars(self.cents), "books": dollars(total if chosen else 0)}
                raise Refusal(_("The line says %(line)s, what you chose in the books %(books)s.") % said)
            taken = BankMatch.objects.filter(entry__in=chosen)
            if taken.exists():
                raise Refusal(_("Something of that goes with another line already."))
            BankMatch.objects.bulk_create(BankMatch(line=self, entry=entry, at=at, by=by) for entry in chosen)
            self.record_event("match", at=at, by=by, note=", ".join(entry.key for entry in chosen)[:200])

    def let_go(self, *, at: datetime, by: "User") -> None:
        """It was matched with the wrong thing: both wait again."""
        with transaction.atomic():
            self.lock()
            self.matches.all().delete()
            self.record_event("let_go", at=at, by=by)


class BankMatch(models.Model):
    """An entry of the books that goes with a line of the bank; `by` nobody where day and cents said so."""

    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="matches")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="bank_match")
    at = models.DateTimeField()
    by = models.ForeignKey("members.User", on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.line_id}: {self.entry_id}"


def _print_of(said: tuple[str, ...], time: int) -> str:
    """What tells a line from all others, also where two are the same on one day."""
    return digest_of(["|".join(said), f"time {time}"])


def open_entries() -> "QuerySet[Any]":
    """Entries that changed our bank account and that no line of the bank goes with, the oldest first."""
    rows = changing(Account.Kind.BANK).filter(bank_match__isnull=True)
    return rows.order_by("effective_on", "pk")


@transaction.atomic
def match_what_fits(*, at: datetime) -> None:
    """Match lines and entries of the same cents whose days are near, the nearest first; each is taken once."""
    by_cents: dict[int, list[Entry]] = defaultdict(list)
    lines = list(BankLine.objects.open().select_for_update(of=("self",)))
    if not lines:
        return
    first, last = min(line.day for line in lines) - NEAR, max(line.day for line in lines) + NEAR
    for entry in open_entries().filter(effective_on__range=(first, last)):
        by_cents[entry.change].append(entry)
    pairs = [
        (abs(line.day - entry.effective_on), line.day, line.pk, entry.pk)
        for line in lines
        for entry in by_cents[line.cents]
        if abs(line.day - entry.effective_on) <= NEAR
    ]
    taken: set[tuple[str, int]] = set()
    found = []
    for _days, _day, line_id, entry_id in sorted(pairs):
        if {("line", line_id), ("entry", entry_id)}.isdisjoint(taken):
            taken |= {("line", line_id), ("entry", entry_id)}
            found.append(BankMatch(line_id=line_id, entry_id=entry_id, at=at))
    BankMatch.objects.bulk_create(found, ignore_conflicts=True)


def read_until() -> date | None:
    """The last day of which the bank has told us."""
    last: date | None = BankLine.objects.aggregate(last=Max("day"))["last"]
    return last
