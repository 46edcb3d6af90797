"""Each day: what Stripe says it holds for us, beside what the books say."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from payouts.ledger.ledger import Account
from payouts.reconciliation.movements import Movement
from payouts.stripe import walking

AGAIN = timedelta(minutes=15)
"""How soon it is compared again after a difference: what was on its way meanwhile is in the books then."""


class Check(models.Model):
    """One day's comparison, in cents: what Stripe has (available and on its way), and what the books say it has.

    `open_cents` is the net of movements that are not in the books, `foreign_cents` that of other installations.
    `differs_since` is since when the rest has not been nothing.
    """

    day = models.DateField(unique=True)
    at = models.DateTimeField()
    stripe_cents = models.BigIntegerField()
    books_cents = models.BigIntegerField()
    open_cents = models.BigIntegerField()
    foreign_cents = models.BigIntegerField()
    differs_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("comparison with Stripe")

    def __str__(self) -> str:
        return str(self.day)

    @property
    def difference(self) -> int:
        """Cents that Stripe has more than the books say, after what is known to be missing."""
        return self.stripe_cents - self.books_cents - self.open_cents - self.foreign_cents

    @classmethod
    def last(cls) -> "Check | None":
        return cls.objects.order_by("-day").first()

    @classmethod
    def is_due(cls, at: datetime) -> bool:
        """Once a day, and again soon as long as something differs."""
        last = cls.last()
        if last is None or last.day < timezone.localdate(at):
            return True
        return bool(last.difference) and last.at <= at - AGAIN

    @classmethod
    def look(cls, *, at: datetime, at_once: bool = False) -> None:
        """Compare if it is due, or at once. Asks Stripe for the balance; moves nothing."""
        if at_once or cls.is_due(at):
            cls.compare(walking.balance_cents(), at=at)

    @classmethod
    def compare(cls, stripe_cents: int, *, at: datetime) -> "Check":
        """Write down how the two stand to each other now."""
        with transaction.atomic():
            last = cls.last()
            row = cls.objects.filter(day=timezone.localdate(at)).first() or cls(day=timezone.localdate(at))
            row.at, row.stripe_cents, row.books_cents = at, stripe_cents, held_by_stripe()
            row.open_cents = Movement.objects.open().net()
            row.foreign_cents = Movement.objects.filter(state=Movement.State.FOREIGN).net()
            row.differs_since = ((last and last.differs_since) or at) if row.difference else None
            row.save()
        return row


def held_by_stripe() -> int:
    """Cents that Stripe holds for us by the books."""
    stored = Account.objects.filter(kind=Account.Kind.STRIPE).with_balance().first()
    return -stored.balance if stored else 0
