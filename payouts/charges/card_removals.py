"""Cards that Stripe is to forget: a row a wish, so that none is lost however often we or Stripe stop half-way."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from coop.jobs import enqueue
from coop.sending.delivery import pause_after
from payouts.stripe import errors, gateway

LEASE = timedelta(minutes=5)
MANY = 10


class CardRemovalQuerySet(models.QuerySet["CardRemoval"]):
    def due(self, at: datetime) -> "CardRemovalQuerySet":
        """Those that are not done and that nobody is busy with."""
        return self.filter(done_at__isnull=True, due_at__lte=at)

    def in_trouble(self) -> "CardRemovalQuerySet":
        """Those that were tried often, and still are once an hour: such a wish is never given up."""
        return self.filter(done_at__isnull=True, tries__gte=MANY)


class CardRemoval(models.Model):
    """The wish that every card of one customer at Stripe goes, with `wholly` their name and e-mail, too."""

    customer = models.CharField(max_length=60)
    wholly = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.TextField(blank=True)

    objects = CardRemovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("removal of a card")
        indexes = [models.Index(fields=["due_at"], condition=models.Q(done_at__isnull=True), name="cards_to_remove")]

    def __str__(self) -> str:
        return self.customer

    @classmethod
    def ask(cls, customer: str, *, wholly: bool, at: datetime, due_at: datetime | None = None) -> None:
        """Remember the wish inside the transaction in which the card leaves our own books; it is enqueued after it.

        Later (`due_at`) where something may still be held on it.
        """
        wish = cls.objects.create(customer=customer, wholly=wholly, asked_at=at, due_at=due_at or at)
        enqueue("payouts.remove_cards", wish.pk)

    def carry_out(self, *, at: datetime) -> None:
        """Ask Stripe, if it is due; what fails is tried again. Safe to call twice. Raises errors.Stopped."""
        mine = CardRemoval.objects.due(at).filter(pk=self.pk)
        if not mine.update(due_at=at + LEASE, tries=F("tries") + 1):
            return
        try:
            gateway.forget_cards(self.customer, wholly=self.wholly)
        except errors.Stopped:
            raise
        except errors.GatewayTrouble as trouble:
            again = at + pause_after(self.tries)
            CardRemoval.objects.filter(pk=self.pk).update(trouble=str(trouble), due_at=again)
        else:
            CardRemoval.objects.filter(pk=self.pk).update(done_at=at, trouble="")
