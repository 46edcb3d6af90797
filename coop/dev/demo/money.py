"""The money of the demo: cards saved, visits charged and members paid, over HTTP at the Stripe stand-in."""

import json
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from urllib.parse import urlencode

from bookings.models import Booking, Shift
from coop.dev.demo.days import Days
from coop.dev.demo.founding import NEW_YORK
from coop.errors import Refusal
from members.models import Member, User
from payouts.models import Card, CardSession, Charge, PayeeAccount, Payout, PayRun, WorkWeek

DECLINED = 0.04
"""So many clients try a card that the bank refuses, and then another."""


@dataclass
class Purse:
    """Drives the payments' verbs at past times. `stripe` is the address of the stand-in, whose clock goes along."""

    days: Days
    stripe: str
    treasurer: User
    approver: User

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
        """A member gives bank details on the hosted page."""
        payee = PayeeAccount.of(member)
        _submit(payee.link(), outcome="complete")
        payee.look(at=at)

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
        for payout in Payout.objects.filter(run=run).order_by("pk"):
            payout.send(at=now)
        run.follow(at=now)

    def _tip(self, shift: Shift, cents: int) -> None:
        assert shift.visit is not None
        Charge.take(shift.visit, kind=Charge.Kind.TIP, cents=cents, at=self.days.now).move(at=self.days.now)

    def _move(self, charge: Charge) -> None:
        charge.move(at=self.days.now)

    def _tell(self, what: str, how: dict[str, int | bool]) -> None:
        headers = {"Content-Type": "application/json"}
        where = f"{self.stripe}/_sandbox/{what}"
        request = urllib.request.Request(where, json.dumps(how).encode(), headers)  # noqa: S310  (on this machine)
        urllib.request.urlopen(request, timeout=20).read()  # noqa: S310


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
