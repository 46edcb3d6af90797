"""A client's saved card and the hosted pages on which it is saved. Numbers of cards never come here."""

from datetime import date, datetime, timedelta
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
from members.models import Notice
from payouts.charges.card_removals import CardRemoval
from payouts.charges.card_terms import CardTerms
from payouts.stripe import answers, finding, gateway, names
from payouts.stripe.webhooks import follows

if TYPE_CHECKING:
    from members.models import User

STILL_GOOD = timedelta(minutes=2)
HELD_AT_MOST = timedelta(days=35)
"""After this no bank holds anything any more for what was asked for with a card."""


class Card(models.Model):
    """The card that a client lets us charge, as Stripe knows it; `method` is empty until one is saved.

    It is good to the end of `month` of `year`. `customers` counts those at Stripe that were given up with their cards.
    """

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="card")
    customer = models.CharField(max_length=60, blank=True)
    method = models.CharField(max_length=60, blank=True)
    brand = models.CharField(max_length=20, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    month = models.PositiveSmallIntegerField(default=0)
    year = models.PositiveSmallIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    customers = models.PositiveSmallIntegerField(default=0)

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
        """The client's card, with a customer at Stripe, found by its name or made. Speaks to Stripe the first time."""
        card, _is_new = cls.objects.get_or_create(client=client)
        if not card.customer:
            user, name = client.user, card._name()
            found = finding.find_customer(email=user.address, since=client.since, named=name)
            card.customer = found or gateway.create_customer(email=user.address, called=user.name, name=name)
            card.save(update_fields=["customer"])
        return card

    def _name(self) -> names.Name:
        """Which customer of this client it is at Stripe. Who came after a restore may have a lost client's number."""
        since = names.digest_of([self.client.since.isoformat()])
        return names.name("customer", client=self.client_id, since=since, number=self.customers)

    @property
    def expires(self) -> date | None:
        """The last month for which it is good, by its first day."""
        return date(self.year, self.month, 1) if self.year and self.month else None

    @classmethod
    def why_kept(cls, client: Client) -> str:
        """What still needs this client's card, in a sentence; empty when nothing does."""
        by_card = Booking.objects.going().filter(home__client=client, pays=Booking.Pays.CARD)
        if by_card.exists():
            return gettext("A visit is still planned; its price is charged to this card.")
        if client.charges.on_its_way().by_card().exists():
            return gettext("A payment is still on its way.")
        return ""

    @classmethod
    def remove(cls, client: Client, *, at: datetime, wholly: bool = False) -> None:
        """Forget the client's card here at once and at Stripe soon after. Refused while something needs it."""
        with transaction.atomic():
            card = cls.objects.select_for_update().filter(client=client).first()
            if reason := cls.why_kept(client):
                raise Refusal(reason)
            if card is None or not card.customer:
                return
            for page in CardSession.objects.of(client).filter(state=CardSession.State.OPEN):
                page.expire(at=at, by=None)
            CardRemoval.ask(card.customer, wholly=wholly, at=at)
            card._empty()
            if not wholly:
                card._tell(f"removed:{card.customers}", at=at)

    @classmethod
    def merge(cls, claimed: Client, household: Client, *, keep: bool, at: datetime) -> None:
        """Two clients are one household: it pays with its own card, or, if it has none or wants so, the other one.

        The card that is not kept goes at Stripe once nothing can be held on it any more.
        """
        for page in CardSession.objects.of(claimed).filter(state=CardSession.State.OPEN):
            page.expire(at=at, by=None)
        theirs = cls.objects.select_for_update().filter(client=claimed).first()
        if theirs is None or not theirs.customer:
            return
        own, _is_new = cls.objects.select_for_update().get_or_create(client=household)
        if theirs.method and (keep or not own.method):
            facts = ("customer", "method", "brand", "last4", "month", "year", "saved_at")
            for name in facts:
                mine, other = getattr(own, name), getattr(theirs, name)
                setattr(own, name, other)
                setattr(theirs, name, mine)
            own.customers += 1
            own.save()
            own._tell(own.method, at=at)
        if theirs.customer:
            CardRemoval.ask(theirs.customer, wholly=False, at=at, due_at=at + HELD_AT_MOST)
        theirs._empty()

    def keep(self, saved: answers.SavedCard, *, at: datetime) -> None:
        """From now on this is the card that is charged; the household is told."""
        self.method, self.brand, self.last4, self.saved_at = saved.method, saved.brand, saved.last4, at
        self.month, self.year = saved.month, saved.year
        self.save(update_fields=["method", "brand", "last4", "month", "year", "saved_at"])
        self._tell(self.method, at=at)

    def _empty(self) -> None:
        self.customer = self.method = self.brand = self.last4 = ""
        self.month = self.year = 0
        self.saved_at, self.customers = None, self.customers + 1
        self.save()

    def _tell(self, what: str, *, at: datetime) -> None:
        """Tell everybody of the household which card is charged from now on, or that there is none any more."""
        people = [self.client.user, *(one.user for one in self.client.people.joined().select_related("user"))]
        for user in people:
            key = f"card:{self.pk}:{what}:{user.pk}"
            Notice.post(key, to=user, mail="card_changed", at=at, about={"card": self})


class CardSessionQuerySet(models.QuerySet["CardSession"]):
    def of(self, client: Client) -> "CardSessionQuerySet":
        return self.filter(Q(client=client) | Q(booking__home__client=client)).order_by("pk")

    def usable(self, at: datetime) -> "CardSessionQuerySet":
        """Pages that are open and stay so for a while."""
        return self.filter(state=CardSession.State.OPEN, ends_at__gt=at + STILL_GOOD).exclude(url="")


class CardSession(Stateful):
    """One hosted page on which a card is saved: for a booking, or in place of a client's card."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        COMPLETE = "complete", _("complete")
        EXPIRED = "expired", _("expired")

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, related_name="card_sessions")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="card_sessions")
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    checkout = models.CharField(max_length=100, unique=True, null=True)  # noqa: DJ001  (null until Stripe has named it)
    setup = models.CharField(max_length=60, blank=True, db_index=True)
    url = models.URLField(max_length=1000, blank=True)
    ends_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()

    objects = CardSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("card page")
        constraints = [
            models.CheckConstraint(
                condition=Q(booking__isnull=True, client__isnull=False) | Q(booking__isnull=False, client__isnull=True),
                name="a_card_page_is_for_a_booking_or_a_client",
            )
        ]

    def __str__(self) -> str:
        return f"{self.booking or self.client}: {self.get_state_display()}"

    @property
    def owner(self) -> Client:
        """Whose card is saved on it."""
        owner = self.booking.client if self.booking else self.client
        assert owner is not None
        return owner

    @classmethod
    def open_for(cls, booking: Booking, *, at: datetime) -> "CardSession":
        """The page for this booking's card: the one that is open, or a new one. Speaks to Stripe."""
        if booking.state not in (Booking.State.REQUESTED, Booking.State.CONFIRMED):
            raise Refusal(gettext("This booking is over, so it needs no card."))
        return cls._open(booking.client, at=at, booking=booking)

    @classmethod
    def open_to_replace(cls, client: Client, *, at: datetime) -> "CardSession":
        """The page on which a client saves another card, or a first one. Speaks to Stripe."""
        return cls._open(client, at=at, client=client)

    @classmethod
    def _open(cls, owner: Client, *, at: datetime, **purpose: Any) -> "CardSession":
        if found := cls.objects.usable(at).filter(**purpose).order_by("-pk").first():
            CardTerms.write(owner, at=at, booking=found.booking, session=found)
            return found
        card = Card.of(owner)
        session = cls.objects.create(opened_at=at, **purpose)
        CardTerms.write(owner, at=at, booking=session.booking, session=session)
        wish = session._wish(card)
        page = gateway.open_checkout(wish, key=names.key_of(wish["metadata"]))
        session.checkout, session.setup, session.url, session.ends_at = page.id, page.setup, page.url, page.ends_at
        session.save(update_fields=["checkout", "setup", "url", "ends_at"])
        return session

    @classmethod
    def look_for(cls, purpose: "Booking | Client", *, at: datetime, by: "User | None") -> None:
        """Ask Stripe about the page that was opened last for a booking, or in place of a client's card."""
        mine = Q(booking=purpose) if isinstance(purpose, Booking) else Q(client=purpose)
        session = cls.objects.filter(mine, checkout__isnull=False).order_by("-pk").first()
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

    def _accept(self, card: answers.SavedCard, *, at: datetime, by: "User | None") -> None:
        with transaction.atomic():
            booking = Booking.objects.filter(card_sessions=self.pk).first()
            if booking and booking.state != Booking.State.CANCELLED:
                booking.card_saved(at=at, by=by)
            self.lock()
            if self.state == self.State.OPEN:
                self.complete(card=card, at=at, by=by)

    def _give_up(self, page: answers.Checkout, *, at: datetime, by: "User | None") -> None:
        with transaction.atomic():
            booking = Booking.objects.select_for_update(of=("self",)).filter(card_sessions=self.pk).first()
            self.lock()
            if page.declined and booking and booking.state == Booking.State.REQUESTED:
                booking.mark_at_risk(at=at, by=by)
            if page.state == "expired" and self.state == self.State.OPEN:
                self.expire(at=at, by=by)

    @transition(State.OPEN, to=State.COMPLETE)
    def complete(self, *, card: answers.SavedCard, at: datetime, by: "User | None") -> None:
        """The card is saved: it is charged from now on, also for what could not be charged before."""
        Card.objects.get(client=self.owner).keep(card, at=at)
        for charge in self.owner.charges.to_try_again().order_by("pk"):
            charge.try_again(at=at, by=by)

    @transition(State.OPEN, to=State.EXPIRED)
    def expire(self, *, at: datetime, by: "User | None") -> None:
        """Nobody saved a card on this page."""

    def _name(self, purpose: str) -> names.Name:
        """Which page it is: the first, the second and so on for a purpose, opened at that moment."""
        earlier = CardSession.objects.filter(booking=self.booking, client=self.client, pk__lt=self.pk).count()
        page = names.digest_of([purpose, self.opened_at.isoformat()])
        return names.name("card", client=self.owner.pk, page=page, number=earlier + 1)

    def _wish(self, card: Card) -> dict[str, Any]:
        if self.booking:
            purpose, done = str(self.booking.token), reverse("card_saved", args=[self.booking.token])
            back = reverse("save_card", args=[self.booking.token])
        else:
            purpose, done = f"client-{self.owner.pk}", reverse("card_replaced", args=[self.owner.pk])
            back = reverse("my_card")
        name = self._name(purpose)
        return {
            "mode": "setup",
            "currency": "usd",
            "payment_method_types": ["card"],
            "customer": card.customer,
            "client_reference_id": purpose,
            "locale": self.owner.user.language,
            "success_url": settings.BASE_URL + done,
            "cancel_url": settings.BASE_URL + back,
            "setup_intent_data": {"metadata": name},
            "metadata": name,
        }


@follows("checkout.session.completed", "checkout.session.expired", "setup_intent.setup_failed")
def _look_at_page(subject: str, at: datetime) -> None:
    for session in CardSession.objects.filter(Q(checkout=subject) | Q(setup=subject)):
        session.look(at=at, by=None)
