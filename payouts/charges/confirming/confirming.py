"""A bank asks whose card it is to confirm a payment, which nobody can do for them: they do so on a hosted page.

Until `confirm_by` it waits for them. Then, or once it is not wanted any more, the page is closed at Stripe before
anything else happens, so that nothing is paid on it later; what was confirmed at the last moment counts.
"""

from abc import abstractmethod
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from coop.errors import Refusal
from coop.states import transition
from members.models import Notice
from payouts.charges.cards import Card
from payouts.charges.charge_base import ChargeBase
from payouts.stripe import answers, errors, gateway, names
from payouts.stripe.attempts import LEASE
from payouts.stripe.lookout import Lookout

if TYPE_CHECKING:
    from members.models import User

CONFIRM_WITHIN = timedelta(hours=12)
"""A hosted page stays open for 24 hours, a hold is placed a day before."""
SALT = "payouts.confirm_payment"
NOT_CONFIRMED = gettext_noop("The bank asked for a confirmation, and none came in time.")

State = ChargeBase.State


class Confirming(ChargeBase):
    """How a payment is confirmed. `page` and `page_url` are the hosted page, empty until somebody wants to see it."""

    asked_to_confirm_at = models.DateTimeField(null=True)
    page = models.CharField(max_length=100, blank=True, db_index=True)
    page_url = models.URLField(max_length=1000, blank=True)

    class Meta:
        abstract = True

    @property
    def confirm_by(self) -> datetime | None:
        """Until when it can be confirmed."""
        return self.asked_to_confirm_at and self.asked_to_confirm_at + CONFIRM_WITHIN

    @property
    def confirm_word(self) -> str:
        """What stands for this try alone in an address, and nobody guesses."""
        return signing.dumps([self.pk, self.number_of_try], salt=SALT)

    @property
    def confirm_path(self) -> str:
        """The address at which this try is confirmed."""
        return reverse("confirm_payment", args=[self.confirm_word])

    @classmethod
    def by_word(cls, word: str) -> Self | None:
        """The one that this part of an address stands for, if its try is still the one that counts."""
        try:
            pk, number = signing.loads(word, salt=SALT)
        except (signing.BadSignature, ValueError):
            return None
        return cls._default_manager.filter(pk=pk, number_of_try=number).first()

    def can_be_confirmed(self, at: datetime) -> bool:
        """Does it wait for the client, and is there time?"""
        wanted = self.wanted in (self.Wanted.HOLD, self.Wanted.CAPTURE)
        in_time = self.confirm_by is not None and at < self.confirm_by
        return self.state == State.UNCONFIRMED and wanted and in_time

    @transition(State.DUE, to=State.UNCONFIRMED)
    def ask_to_confirm(self, *, at: datetime, by: "User | None") -> None:
        """The bank wants to hear from whoever owns the card; they are told where."""
        self._begin_a_new_try()
        self._reset()
        self.asked_to_confirm_at, self.due_at = at, at + CONFIRM_WITHIN
        Notice.post(
            f"charge_to_confirm:{self.pk}:{self.number_of_try}",
            to=self.client.user,
            mail="charge_to_confirm",
            at=at,
            about={"charge": self, "visit": self.visit, "booking": self.visit.booking},
        )

    def open_page(self, *, at: datetime) -> str:
        """The address of the hosted page: the one that is open, or a new one. Speaks to Stripe.

        Meanwhile the row is claimed, so that no sweep takes it for one without a page.
        """
        Lookout.insist(at=at)
        self._claim_for_a_page(at=at)
        try:
            if (found := self._find()) is not None:
                self.converge(found, at=at)
                raise Refusal(_("There is nothing to confirm any more."))
            if not self.page:
                page = gateway.open_checkout((self.params or {})["page"], key=f"{self.key}-page")
                self._keep_page(page)
        finally:
            self._row().filter(state=State.UNCONFIRMED).update(lease_until=None)
        return self.page_url

    def _claim_for_a_page(self, *, at: datetime) -> None:
        with transaction.atomic():
            self.lock()
            if not self.can_be_confirmed(at):
                raise Refusal(_("There is nothing to confirm any more."))
            if self.lease_until and self.lease_until > at:
                raise Refusal(_("This payment is being looked at right now. Please try again in a minute."))
            if self.params is None:
                self.params = self._page_wish()
            self.lease_until = at + LEASE
            self.save(update_fields=["params", "lease_until"])

    def _keep_page(self, page: answers.Checkout) -> None:
        """Nobody gets an address that does not stand in the row, or they could pay what we do not look for."""
        mine = self._row().filter(state=State.UNCONFIRMED, number_of_try=self.number_of_try)
        if not mine.update(page=page.id, page_url=page.url):
            gateway.close_page(page.id)
            raise Refusal(_("There is nothing to confirm any more."))
        self.page, self.page_url = page.id, page.url

    def look_at_page(self, *, at: datetime) -> None:
        """Ask Stripe whether it was confirmed, and follow. Safe to call twice."""
        if self.state == State.UNCONFIRMED and self.page:
            page = gateway.checkout(self.page)
            if page.state == "complete":
                self.converge(gateway.payment(page.intent), at=at)

    def _end_page(self) -> answers.Payment:
        """From here on nobody confirms it any more; what was confirmed before. Raises Declined where nothing was."""
        if not self.page:
            raise errors.Declined(NOT_CONFIRMED)
        page = gateway.close_page(self.page)
        if page.state == "complete":
            return gateway.payment(page.intent)
        if page.state == "expired":
            raise errors.Declined(NOT_CONFIRMED)
        raise errors.Unknown("Somebody is paying on the page at this moment.")

    def _begin_a_new_try(self) -> None:
        super()._begin_a_new_try()
        self.page = self.page_url = ""

    @abstractmethod
    def _name(self) -> names.Name:
        """What this try pays."""

    def _page_wish(self) -> gateway.Params:
        """What is asked of the bank, as for any other try, and in `page` the hosted page on which that happens."""
        customer, name = Card.objects.get(client=self.client_id).customer, self._name()
        here = settings.BASE_URL + self.confirm_path
        price = {
            "currency": "usd",
            "unit_amount": self.cents,
            "product_data": {"name": str(self.visit.booking.service)},
        }
        page: dict[str, Any] = {
            "mode": "payment",
            "currency": "usd",
            "payment_method_types": ["card"],
            "customer": customer,
            "line_items": [{"price_data": price, "quantity": 1}],
            "client_reference_id": f"charge-{self.pk}",
            "locale": self.client.user.language,
            "saved_payment_method_options": {"allow_redisplay_filters": ["always", "limited", "unspecified"]},
            "success_url": f"{here}/done",
            "cancel_url": here,
            "payment_intent_data": {
                "capture_method": "manual" if self.wanted == self.Wanted.HOLD else "automatic",
                "metadata": name,
                "transfer_group": names.group_of(name, "visit"),
            },
            "metadata": name,
        }
        return {"amount": self.cents, "customer": customer, "metadata": name, "page": page}
