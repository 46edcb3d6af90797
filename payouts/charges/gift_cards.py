"""Gift cards: paid on a hosted page, known by a code, and credit of whoever types it in."""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import Client
from coop.contact import coop_name
from coop.errors import Refusal
from coop.states import Stateful, transition
from coop.typed.fields import WrittenLine
from members.models import Notice, User
from payouts.ledger.ledger import Account, Entry, Move
from payouts.stripe import answers, gateway, names
from payouts.stripe.webhooks import follows

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that nobody takes for one another."""
PAUSE = timedelta(minutes=5)


def new_code() -> str:
    """Sixteen letters that nobody guesses, in fours."""
    return "-".join("".join(secrets.choice(ALPHABET) for _letter in range(4)) for _group in range(4))


def as_printed(typed: str) -> str:
    """A code as it stands on the card, however it was typed."""
    letters = [letter for letter in typed.upper() if letter in ALPHABET]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, len(letters), 4))


class GiftCardQuerySet(models.QuerySet["GiftCard"]):
    def to_look_at(self, at: datetime) -> "GiftCardQuerySet":
        """Those whose payment page we have not heard of for a while."""
        return self.filter(state=GiftCard.State.ASKED, checkout__isnull=False, look_at__lte=at)


class GiftCard(Stateful):
    """Work that somebody gives to somebody, in cents. It never runs out; its token is the address of its page."""

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("waiting for payment")
        PAID = "paid", gettext_lazy("ready to be used")
        USED = "used", gettext_lazy("used")
        LAPSED = "lapsed", gettext_lazy("not paid")

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=19, unique=True, default=new_code, editable=False)
    state = models.CharField(max_length=20, choices=State.choices, default=State.ASKED)
    cents = models.PositiveIntegerField()
    buyer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    to_name = WrittenLine(max_length=60, blank=True)
    message = WrittenLine(max_length=280, blank=True)
    asked_at = models.DateTimeField()
    look_at = models.DateTimeField()
    checkout = models.CharField(max_length=100, unique=True, null=True)  # noqa: DJ001  (null until Stripe has named it)
    used_by = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField(null=True)

    objects = GiftCardQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("gift card")
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="a_gift_card_is_worth_something"),
            models.CheckConstraint(
                condition=Q(state="used", used_by__isnull=False) | (~Q(state="used") & Q(used_by__isnull=True)),
                name="a_used_gift_card_has_its_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("gift_card", args=[self.token])

    @property
    def account(self) -> Account:
        return Account(code=f"gift:{self.pk}", kind=Account.Kind.GIFTS)

    def open_page(self, *, at: datetime) -> str:
        """The address of the hosted page on which it is paid. Speaks to Stripe."""
        wish = self._wish()
        page = gateway.open_checkout(wish, key=names.key_of(wish["metadata"]))
        GiftCard.objects.filter(pk=self.pk).update(checkout=page.id, look_at=at + PAUSE)
        return page.url

    def look(self, *, at: datetime) -> None:
        """Ask Stripe whether it was paid, and follow. Safe to call twice."""
        if self.state != self.State.ASKED or not self.checkout:
            return
        GiftCard.objects.filter(pk=self.pk).update(look_at=at + PAUSE)
        page = gateway.checkout(self.checkout)
        seen = gateway.payment(page.intent) if page.intent else None
        with transaction.atomic():
            self.lock()
            if self.state != self.State.ASKED:
                return
            if seen and seen.taken:
                self.pay(taken=seen.taken, at=at, by=None)
            elif page.state == "expired":
                self.lapse(at=at, by=None)

    @transition(State.ASKED, to=State.PAID)
    def pay(self, *, taken: answers.Taken, at: datetime, by: User | None) -> None:
        """The money is in our balance: we owe work for it. The buyer is told the code."""
        stripe, operations = Account.fund(Account.Kind.STRIPE), Account.fund(Account.Kind.OPERATIONS)
        self._post(
            f"bt:{taken.id}", [Move(stripe, self.account, taken.cents), Move(operations, stripe, taken.fee)], at=at
        )
        Notice.post(f"gift:{self.pk}", to=self.buyer, mail="gift_card", at=at, about={"gift": self})

    @transition(State.ASKED, to=State.LAPSED)
    def lapse(self, *, at: datetime, by: User | None) -> None:
        """Nobody paid for it."""

    @classmethod
    def of_code(cls, typed: str) -> "GiftCard":
        """The card with this code. Refused when there is none that can be used."""
        found = cls.objects.filter(code=as_printed(typed), state__in=[cls.State.PAID, cls.State.USED]).first()
        if found is None:
            raise Refusal(_("We do not know this code. Please look at it once more."), field="code")
        return found

    def use(self, client: Client, *, at: datetime, by: User) -> None:
        """Make its worth the client's credit, once and for all."""
        if self.state == self.State.USED:
            raise Refusal(_("This gift card was used already."), field="code")
        self.spend(client, at=at, by=by)

    @transition(State.PAID, to=State.USED)
    def spend(self, client: Client, *, at: datetime, by: User | None) -> None:
        """Its worth goes to the client's credit."""
        self.used_by, self.used_at = client, at
        self._post(f"gift:{self.pk}", [Move(self.account, Account.credit(client.pk), self.cents)], at=at)

    def _post(self, key: str, moves: list[Move], *, at: datetime) -> None:
        Entry.post(key=key, kind=Entry.Kind.GIFT, at=at, moves=moves)

    def _wish(self) -> dict[str, Any]:
        name = names.name("gift", gift=names.digest_of([str(self.token)]))
        here = settings.BASE_URL + reverse("gift_card_paid", args=[self.token])
        worth = {
            "currency": "usd",
            "unit_amount": self.cents,
            "product_data": {"name": str(_("Gift card of %(coop)s")) % {"coop": coop_name()}},
        }
        return {
            "mode": "payment",
            "currency": "usd",
            "payment_method_types": ["card"],
            "line_items": [{"price_data": worth, "quantity": 1}],
            "client_reference_id": str(self.token),
            "customer_email": self.buyer.address,
            "locale": self.buyer.language,
            "success_url": here,
            "cancel_url": settings.BASE_URL + reverse("gift_cards"),
            "payment_intent_data": {"metadata": name, "transfer_group": names.group_of(name, "gift")},
            "metadata": name,
        }


@follows("checkout.session.completed", "checkout.session.expired")
def _look_at_page(checkout: str, at: datetime) -> None:
    for gift in GiftCard.objects.filter(checkout=checkout):
        gift.look(at=at)
