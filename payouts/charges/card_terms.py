"""What somebody read before their card was saved: shown, and kept as it was shown, should a payment be disputed."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking, Client
from bookings.policies import FREE_CANCEL_HOURS, LATE_FEE, LATE_HOURS
from coop.models import append_only
from coop.policies import values
from payouts.policies import HOLD_HOURS

if TYPE_CHECKING:
    from payouts.charges.cards import CardSession

RULES = (HOLD_HOURS, FREE_CANCEL_HOURS, LATE_HOURS, LATE_FEE)


def terms(at: datetime) -> list[str]:
    """What is charged to a saved card and when, by the rules of the day: sentences in the reader's language."""
    rules = values(timezone.localdate(at), RULES)
    said = {rule.key.partition(".")[2]: rule.say(rules[rule.key]) for rule in RULES}
    lines = [
        gettext(
            "The price is set aside on your card %(hold_hours)s before the visit and charged when the work is done."
        ),
        gettext("Cancel until %(free_cancel_hours)s before, and you pay nothing."),
        gettext("Later it costs %(late_fee)s, at most the price.") if rules[LATE_FEE.key] else "",
        gettext("From %(late_hours)s before on it costs the whole price.") if rules[LATE_HOURS.key] else "",
        gettext("A tip is charged only when you give one."),
        gettext("Stripe keeps your card; we never see its number."),
    ]
    return [line % said for line in lines if line]


class CardTerms(models.Model):
    """The terms as one client read them in `language`, before a page for a card was opened or a known card was used.

    `late_fee` is what cancelling late cost on that day, in cents.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="card_terms")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, related_name="card_terms")
    session = models.ForeignKey("payouts.CardSession", on_delete=models.PROTECT, null=True, related_name="terms")
    language = models.CharField(max_length=5)
    text = models.TextField()
    late_fee = models.PositiveIntegerField()
    shown_at = models.DateTimeField()

    class Meta:
        verbose_name = _("terms shown with a card")
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="terms_that_were_shown_say_something")]
        triggers = append_only("terms_that_were_shown_are_never_changed")

    def __str__(self) -> str:
        return self.text

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @classmethod
    def write(
        cls, client: Client, *, at: datetime, booking: Booking | None, session: "CardSession | None" = None
    ) -> "CardTerms":
        """Keep what they have just read; the same again for the same page or booking is kept once."""
        text, fee = "\n".join(terms(at)), values(timezone.localdate(at), [LATE_FEE])[LATE_FEE.key]
        last = cls.objects.filter(client=client, booking=booking, session=session).order_by("-pk").first()
        if last and last.text == text:
            return last
        shown = {"language": get_language(), "text": text, "late_fee": fee, "shown_at": at}
        return cls.objects.create(client=client, booking=booking, session=session, **shown)

    @classmethod
    def latest(cls, clients: Iterable[Client]) -> "dict[int, CardTerms]":
        """By client what was read last before a card was saved or used. One query."""
        rows = cls.objects.filter(client__in=clients).order_by("client", "-pk").distinct("client")
        return {row.client_id: row for row in rows}
