"""The money of the demo: cards saved, visits charged and members paid, over HTTP at the Stripe stand-in."""

import json
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db import transaction

from bookings.models import Booking, Client, Shift, Visit
from coop.dev.demo.books import Books
from coop.dev.demo.days import Days
from coop.dev.demo.founding import NEW_YORK
from coop.errors import Refusal
from members.models import Member, User
from payouts.models import Card, CardSession, Charge, PayeeAccount, Payout, PayRun, WorkWeek

SAVE = "/v1/payment_methods/pm_card_visa/attach"
SEEN = ["latest_charge.balance_transaction"]
SHOWN = ("brand", "last4", "exp_month", "exp_year")
DECLINED = 0.04
"""So many clients try a card that the bank refuses, and then another."""


@dataclass
class Purse:
    """Drives the payments' verbs at past times, and before the town `opens` many of them at once.

    `stripe` is the address of the stand-in, whose clock goes along.
    """

    days: Days
    stripe: str
    treasurer: User
    approver: User
    opens: datetime

    def begin(self) -> None:
        """Nobody is called back while the past is replayed."""
        self._tell("webhooks", {"hold": True})

    def end(self) -> None:
        """Back to the present."""
        self._tell("clock", {"real": True})
        self._tell("webhooks", {"hold": False, "forget": True})

    def wind(self, at: datetime) -> None:
        """Set the stand-in's clock."""
        self._tell("clock", {"now": int(at.timestamp())})

    def onboard(self, member: Member, *, at: datetime) -> None:
        """A member gives bank details at Stripe."""
        payee = PayeeAccount.of(member)
        self._tell(f"accounts/{payee.account}", {"outcome": "complete"})
        payee.look(at=at)

    def keep_cards(self, clients: list[tuple[Client, datetime]]) -> None:
        """Clients have saved a card, each at a moment of the past; who has one keeps it."""
        known = set(Card.objects.values_list("client", flat=True))
        cards = [Card(client=client, saved_at=at) for client, at in clients if client.pk not in known]
        asked = [{"name": card.client.user.name, "email": card.client.user.email} for card in cards]
        named = [who | {"metadata": card._name()} for who, card in zip(asked, cards, strict=True)]
        customers = self._past(
            [_call(card.saved_at, "/v1/customers", who) for card, who in zip(cards, named, strict=True)]
        )
        kept = self._past(
            [_call(card.saved_at, SAVE, {"customer": one["id"]}) for card, one in zip(cards, customers, strict=True)]
        )
        for card, method in zip(cards, kept, strict=True):
            shown = method["card"]
            card.customer, card.method = method["customer"], method["id"]
            card.brand, card.last4, card.month, card.year = (shown[name] for name in SHOWN)
        Card.objects.bulk_create(cards)

    def take_then(self, charges: list[Charge]) -> list[dict[str, Any]]:
        """Take each charge at the moment at which it was due, as it would be asked for; what Stripe shows of it."""
        calls = []
        for charge in charges:
            charge.params = wish = charge._wish()
            calls.append(_call(charge.due_at, "/v1/payment_intents", wish | {"expand": SEEN}))
        return self._past(calls)

    def save_card(self, booking: Booking, at: datetime) -> None:
        """The client saves a card on the hosted page, or uses the one that we know."""
        if Card.objects.filter(client=booking.home.client_id).exclude(method="").exists():
            booking.card_saved(at=at, by=booking.home.client.user)
        else:
            session = CardSession.open_for(booking, at=at)
            cards = ["visa_chargeDeclined", "visa"] if self.days.dice.random() < DECLINED else ["visa"]
            for card in cards:
                _submit(session.url, card=card)
                session.look(at=at, by=booking.home.client.user)
        for charge in Charge.objects.filter(visit__booking=booking):
            self.days.plan(max(charge.due_at, at), partial(self._move, charge))

    def replace_card(self, client: Client, card: str, *, at: datetime) -> None:
        """The client saves another card on the hosted page."""
        session = CardSession.open_to_replace(client, at=at)
        _submit(session.url, card=card)
        session.look(at=at, by=client.user)

    def move_all(self, visit: Visit) -> None:
        """Take the next step with all that a visit costs."""
        for charge in Charge.objects.filter(visit=visit).order_by("pk"):
            self._move(charge)

    def charge(self, shift: Shift, at: datetime) -> None:
        """The visit is done: take the money, and now and then a tip."""
        for charge in Charge.objects.filter(visit=shift.visit_id, wanted=Charge.Wanted.CAPTURE):
            charge.move(at=at)
        if self.days.dice.random() < 0.18 and shift.visit is not None:
            later = at + timedelta(minutes=self.days.dice.randint(20, 300))
            cents = self.days.dice.choice([500, 1000, 1000, 1500, 2000])
            self.days.plan(later, lambda: self._tip(shift, cents))

    def count_time(self, at: datetime) -> None:
        """Days and weeks that are over pay what they have beyond their visits."""
        for week in WorkWeek.objects.due(at).order_by("due_at", "pk"):
            week.look(at=at)

    def pay_on(self, day: date) -> None:
        """Draft the half month that has ended, and have it approved and paid the next morning."""
        at = datetime.combine(day, time(10), NEW_YORK)
        self.days.plan(at, self._draft)
        self.days.plan(at + timedelta(hours=23), self._approve)

    def _draft(self) -> None:
        day = self.days.now.date()
        ends_on = day.replace(day=15) if day.day > 15 else day.replace(day=1) - timedelta(days=1)
        with suppress(Refusal):  # in the first weeks nobody has earned anything yet
            PayRun.draft(ends_on=ends_on, at=self.days.now, by=self.treasurer)

    def _approve(self) -> None:
        now = self.days.now
        run = PayRun.objects.filter(state=PayRun.State.DRAFT).first()
        if run is None:
            return
        run.approve(at=now, by=self.approver)
        if now < self.opens:
            self._pay_then(run)
        for payout in run.payouts.due(now).order_by("pk"):
            payout.send(at=now)
        run.follow(at=now)

    def _pay_then(self, run: PayRun) -> None:
        """Everybody who can be paid is, many at once: what `Payout.send` does to the books, one by one."""
        now, able = self.days.now, PayeeAccount.objects.filter(transfers_active=True).values("member")
        payouts = list(run.payouts.by_us().filter(member__in=able).order_by("pk"))
        for payout in payouts:
            payout.params = payout._wish()
        made = self._past([_call(now, "/v1/transfers", payout.params or {}) for payout in payouts])
        for payout, transfer in zip(payouts, made, strict=True):
            payout.transfer, payout.sent_at = transfer["id"], now
        with transaction.atomic():
            Payout.objects.bulk_update(payouts, ["params", "transfer"])
            run.payouts.filter(pk__in=[payout.pk for payout in payouts]).update(state=Payout.State.SENT, sent_at=now)
            books = Books()
            for payout in payouts:
                books.pay_out(payout, at=now)
            books.write()

    def _tip(self, shift: Shift, cents: int) -> None:
        assert shift.visit is not None
        Charge.take(shift.visit, kind=Charge.Kind.TIP, cents=cents, at=self.days.now).move(at=self.days.now)

    def _move(self, charge: Charge) -> None:
        charge.move(at=self.days.now)

    def _past(self, calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Calls of the past, many at once, and what the stand-in answers to each."""
        answers: list[dict[str, Any]] = self._tell("past", {"calls": calls})["answers"]
        return answers

    def _tell(self, what: str, how: dict[str, Any]) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        where = f"{self.stripe}/_sandbox/{what}"
        request = urllib.request.Request(where, json.dumps(how).encode(), headers)  # noqa: S310  (on this machine)
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            told: dict[str, Any] = json.load(answer)
            return told


def _call(at: datetime | None, path: str, params: dict[str, Any]) -> dict[str, Any]:
    assert at
    return {"at": int(at.timestamp()), "path": path, "params": params}


def _submit(page: str, **fields: str) -> None:
    """Press the button of a hosted page; where it leads afterwards does not matter here."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_args: object) -> None:
            return None

    try:
        urllib.request.build_opener(Stay).open(page, urlencode(fields).encode(), timeout=20)
    except urllib.error.HTTPError as answer:
        if answer.code not in (303, 402):  # on to our own page, or the card was declined
            raise
