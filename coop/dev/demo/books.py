"""Many entries of the books of the demo at once, as the verbs write them one by one."""

from datetime import date, datetime
from typing import Any

from bookings.catalog.sharing import share_out
from bookings.models import Client, Visit
from bookings.policies import shares_on
from bookings.visits.pay import floor_at
from coop.money import split
from payouts.models import Account, Charge, Entry, Payout, Transfer


class Books:
    """Entries and their transfers, gathered and then written together."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._moves: list[tuple[Entry, Account, Account, int]] = []

    def earn(self, visit: Visit, client: Client, minutes: dict[int, int]) -> None:
        """A visit is shared out by the rules of its day; `minutes` by member."""
        day = visit.day
        parts = share_out(visit.cents, minutes=minutes, shares=shares_on(day), floor=floor_at(visit))
        owed = Account.client(client.pk)
        assert visit.completed_at
        entry = self._entry(f"visit:{visit.pk}", Entry.Kind.VISIT, day, visit.completed_at, visit=visit)
        for member, cents in parts.workers.items():
            self._move(entry, owed, Account.pay(member), cents)
        for name, cents in parts.funds.items():
            self._move(entry, owed, Account.fund(name), cents)
        for member, cents in parts.topped_up.items():
            self._move(entry, Account.fund(Account.Kind.OPERATIONS), Account.pay(member), cents)

    def take(self, charge: Charge, moved: dict[str, Any], minutes: dict[int, int]) -> None:
        """Money of a card is in the balance, and Stripe kept its fee; a tip is for those who came."""
        stripe, owed = Account.fund(Account.Kind.STRIPE), Account.client(charge.client_id)
        about = {"visit": charge.visit, "charge": charge}
        day, at = charge.visit.day, charge.due_at
        entry = self._entry(f"bt:{moved['id']}", Entry.Kind.CAPTURE, day, at, **about)
        self._move(entry, stripe, owed, moved["amount"])
        self._move(entry, Account.fund(Account.Kind.OPERATIONS), stripe, moved["fee"])
        if charge.kind == Charge.Kind.TIP:
            entry = self._entry(f"tip:{charge.pk}", Entry.Kind.TIP, day, at, **about)
            for member, cents in split(moved["amount"], minutes).items():
                self._move(entry, owed, Account.tips(member), cents)

    def pay_out(self, payout: Payout, *, at: datetime) -> None:
        """What a member was owed is with them."""
        stripe = Account.fund(Account.Kind.STRIPE)
        entry = self._entry(f"payout:{payout.pk}", Entry.Kind.PAYOUT, at.date(), at, payout=payout)
        self._move(entry, Account.pay(payout.member_id), stripe, payout.visit_cents)
        self._move(entry, Account.tips(payout.member_id), stripe, payout.tip_cents)

    def write(self) -> None:
        accounts = Account.objects.stored(end for _entry, *ends, _cents in self._moves for end in ends)
        Entry.objects.bulk_create(self._entries)
        Transfer.objects.bulk_create(
            Transfer(entry=entry, payer=accounts[payer.code], payee=accounts[payee.code], cents=cents)
            for entry, payer, payee, cents in self._moves
        )

    def _entry(self, key: str, kind: str, day: date, at: datetime, **about: Any) -> Entry:
        entry = Entry(key=key, kind=kind, effective_on=day, posted_at=at, **about)
        self._entries.append(entry)
        return entry

    def _move(self, entry: Entry, payer: Account, payee: Account, cents: int) -> None:
        if cents:
            self._moves.append((entry, payer, payee, cents))
