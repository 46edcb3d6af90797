"""What does not fit between the books, Stripe and the bank: each with its kind and its age, and never patched over."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payouts.ledger.ledger import Account
from payouts.reconciliation.bank.lines import BankLine, open_entries, read_until
from payouts.reconciliation.changes import changing
from payouts.reconciliation.checks import Check
from payouts.reconciliation.marks import Mark
from payouts.reconciliation.movements import PATIENCE, Movement

ON_ITS_WAY = timedelta(days=5)
"""How long money may be between Stripe and the bank, or a check in the post, before it counts as a difference."""
MOST = 500


class Kind(TextChoices):
    """What does not fit with what, in the order in which a page shows them."""

    BALANCE = "balance", gettext_lazy("Stripe's balance and the books")
    MOVEMENT = "movement", gettext_lazy("At Stripe, and not in the books")
    ENTRY = "entry", gettext_lazy("In the books, and not at Stripe")
    BANK_LINE = "bank_line", gettext_lazy("At the bank, and not in the books")
    BANK_ENTRY = "bank_entry", gettext_lazy("In the books, and not at the bank")


@dataclass(frozen=True)
class Difference:
    """Something that does not fit, in cents, since when, and where it is looked after (an address, or none)."""

    kind: Kind
    said: str
    cents: int
    since: date
    address: str = ""

    def days(self, at: datetime) -> int:
        """How old it is."""
        return max(0, (timezone.localdate(at) - self.since).days)


def differences(*, at: datetime) -> list[Difference]:
    """All that does not fit now, kind by kind, the oldest first. The same number of queries however many there are."""
    return [*_balance(), *_movements(at), *_entries(at), *_bank_lines(), *_bank_entries()]


def _balance() -> list[Difference]:
    last = Check.last()
    if last is None or not last.difference or last.differs_since is None or last.at == last.differs_since:
        return []  # seen once: something may have been on its way
    said = _("Stripe holds another sum than the books say, beyond what stands below.")
    return [Difference(Kind.BALANCE, said, last.difference, timezone.localdate(last.differs_since))]


def _movements(at: datetime) -> list[Difference]:
    late = Q(state=Movement.State.WAITS) | Q(state=Movement.State.NEW, moved_at__lt=at - PATIENCE)
    rows = Movement.objects.filter(late).order_by("moved_at", "pk")[:MOST]
    return [
        Difference(Kind.MOVEMENT, one.said, one.net, timezone.localdate(one.moved_at), one.get_absolute_url())
        for one in rows
    ]


def _entries(at: datetime) -> list[Difference]:
    """Entries that say that Stripe's balance changed, and of which Stripe shows nothing, once all was read."""
    mark = Mark.objects.first()
    if mark is None or Movement.objects.filter(state=Movement.State.NEW, attempts=0, due_at__lte=at).exists():
        return []
    rows = changing(Account.Kind.STRIPE).filter(movement__isnull=True)
    rows = rows.filter(posted_at__lt=min(at - PATIENCE, mark.read_until)).order_by("posted_at", "pk")
    return [
        Difference(Kind.ENTRY, f"{one.get_kind_display()}: {one.key}", one.change, one.effective_on)
        for one in rows[:MOST]
    ]


def _bank_lines() -> list[Difference]:
    return [
        Difference(Kind.BANK_LINE, one.words or one.reference, one.cents, one.day, one.get_absolute_url())
        for one in BankLine.objects.open()[:MOST]
    ]


def _bank_entries() -> list[Difference]:
    """Only as far as the bank has told us, and not what may still be on its way."""
    last = read_until()
    if last is None:
        return []
    rows = open_entries().filter(effective_on__lte=last - ON_ITS_WAY)
    return [
        Difference(Kind.BANK_ENTRY, f"{one.get_kind_display()}: {one.memo or one.key}", one.change, one.effective_on)
        for one in rows[:MOST]
    ]
