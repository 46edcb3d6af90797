"""A client's saved card and the hosted pages on which it is saved. Numbers of cards never come here."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking, Client
from coop.errors import Refusal
from coop.states import Stateful, transition
from payouts import gateway

if TYPE_CHECKING:
    from members.models import User

STILL_GOOD = timedelta(minutes=2)


class Card(models.Model):
    """The card that a client lets us charge, as Stripe knows it; `method` is empty until one is saved."""

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="card")
    customer = models.CharField(max_length=60, blank=True)
    method = models.CharField(max_length=60, blank=True)
    brand = models.CharField(max_length=20, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    saved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("card")
        constraints = [
            models.CheckConstraint(
                condition=Q(method="", saved_at__isnull=True) | Q(~Q(method=""), saved_at__isnull=False),
                name="a_saved_card_has_its_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.brand} ···· {self.last4}" if self.method else "–"

    @classmethod
    def of(cls, client: Client) -> "Card":
        """The client's card, with a customer at Stripe. Speaks to Stripe the first time."""
        card, _is_new = cls.objects.get_or_create(client=client)
        if not card.customer:
            user = client.user
            card.customer = gateway.create_customer(email=user.email, name=user.name, key=f"customer-{client.pk}")
            card.save(update_fields=["customer"])
        return card

    def keep(self, saved: gateway.SavedCard, *, at: datetime) -> None:
        """From now on this is the card that is charged."""
        self.method, self.brand, self.last4, self.saved_at = saved.method, saved.brand, saved.last4, at
        self.save(update_fields=["method", "brand", "last4", "saved_at"])


class CardSessionQuerySet(models.QuerySet["CardSession"]):
    def usable(self, at: datetime) -> "CardSessionQuerySet":
        """Pages that are open and stay so for a while."""
        return self.filter(state=CardSession.State.OPEN, ends_at__gt=at + STILL_GOOD).exclude(url="")


class CardSession(Stateful):
    """One hosted page on which the card for a booking is saved."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        COMPLETE = "complete", _("complete")
        EXPIRED = "expired", _("expired")

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="card_sessions")
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    checkout = models.CharField(max_length=100, unique=True, null=True)  # noqa: DJ001  (null until Stripe has named it)
    setup = models.CharField(max_length=60, blank=True, db_index=True)
    url = models.URLField(max_length=1000, blank=True)
    ends_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()

    objects = CardSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("card page")

    def __str__(self) -> str:
        return f"{self.booking}: {self.get_state_display()}"

    @classmethod
    def open_for(cls, booking: Booking, *, at: datetime) -> "CardSession":
        """The page for this booking's card: the one that is open, or a new one. Speaks to Stripe."""
        if booking.state not in (Booking.State.REQUESTED, Booking.State.CONFIRMED):
            raise Refusal(gettext("This booking is over, so it needs no card."))
        if found := cls.objects.usable(at).filter(booking=booking).order_by("-pk").first():
            return found
        card = Card.of(booking.client)
        session = cls.objects.create(booking=booking, opened_at=at)
        page = gateway.open_checkout(session._wish(card), key=f"card-session-{session.pk}")
        session.checkout, session.setup, session.url, session.ends_at = page.id, page.setup, page.url, page.ends_at
        session.save(update_fields=["checkout", "setup", "url", "ends_at"])
        return session

    @classmethod
    def look_for(cls, booking: Booking, *, at: datetime, by: "User | None") -> None:
        """Ask Stripe about the page that was opened last for a booking."""
        session = cls.objects.filter(booking=booking, checkout__isnull=False).order_by("-pk").first()
        if session:
            session.look(at=at, by=by)

    def look(self, *, at: datetime, by: "User | None") -> None:
        """Ask Stripe how this page stands and follow: save the card, close the page, or tell of a declined card."""
        if self.state != self.State.OPEN or not self.checkout:
            return
        page = gateway.checkout(self.checkout)
        if page.card:
            self._accept(page.card, at=at, by=by)
        elif page.declined or page.state == "expired":
            self._give_up(page, at=at, by=by)

    def _accept(self, card: gateway.SavedCard, *, at: datetime, by: "User | None") -> None:
        with transaction.atomic():
            booking = Booking.objects.get(pk=self.booking_id)
            if booking.state != Booking.State.CANCELLED:
                booking.card_saved(at=at, by=by)
            self.lock()
            if self.state == self.State.OPEN:
                self.complete(card=card, at=at, by=by)

    def _give_up(self, page: gateway.Checkout, *, at: datetime, by: "User | None") -> None:
        with transaction.atomic():
            booking = Booking.objects.select_for_update().get(pk=self.booking_id)
            self.lock()
            if page.declined and booking.state == Booking.State.REQUESTED:
                booking.mark_at_risk(at=at, by=by)
            if page.state == "expired" and self.state == self.State.OPEN:
                self.expire(at=at, by=by)

    @transition(State.OPEN, to=State.COMPLETE)
    def complete(self, *, card: gateway.SavedCard, at: datetime, by: "User | None") -> None:
        """The card is saved: it is charged from now on, also for what could not be charged before."""
        from payouts.models.charges import Charge

        client = self.booking.home.client_id
        Card.objects.get(client=client).keep(card, at=at)
        for charge in Charge.objects.failed().filter(client=client).order_by("pk"):
            charge.try_again(at=at, by=by)

    @transition(State.OPEN, to=State.EXPIRED)
    def expire(self, *, at: datetime, by: "User | None") -> None:
        """Nobody saved a card on this page."""

    def _wish(self, card: Card) -> dict[str, Any]:
        token = self.booking.token
        return {
            "mode": "setup",
            "currency": "usd",
            "customer": card.customer,
            "client_reference_id": str(token),
            "locale": self.booking.client.user.language,
            "success_url": settings.BASE_URL + reverse("card_saved", args=[token]),
            "cancel_url": settings.BASE_URL + reverse("save_card", args=[token]),
            "metadata": {"session": str(self.pk)},
        }
