"""Writing back into the books what Stripe has, each thing in one transaction and once."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from coop.sending.delivery import Away
from payouts.charges.cards import Card
from payouts.charges.charges import Charge
from payouts.charges.refunds import Refund
from payouts.ledger.ledger import Account, Entry, Move
from payouts.payroll.payees import PayeeAccount
from payouts.recovery.found import Found
from payouts.recovery.meaning import payout_of, take_for
from payouts.recovery.recoveries import RANK, Recovery
from payouts.stripe import answers, errors, gateway

Means = Found.Means
NOT_YET = gettext_noop("The money is not in the balance yet.")


def write_all(recovery: Recovery, *, at: datetime) -> None:
    """Write what is not written yet. What cannot be written stays with its trouble, and keeps nothing else back.

    Where Stripe does not answer, or the money is still on its way, nothing is wrong: it is tried again.
    """
    if recovery.state != Recovery.State.WRITING:
        return
    waiting = recovery.found.unwritten().order_by("made_at", "pk")
    for found in sorted(waiting, key=lambda one: RANK.index(one.kind)):
        try:
            write(found, at=at)
        except Away:
            raise
        except errors.Unknown:
            continue
        except Exception as trouble:
            Found.objects.filter(pk=found.pk).update(trouble=str(trouble) or type(trouble).__name__)
    recovery.follow(at=at)


def write(found: Found, *, at: datetime) -> None:
    """Write one thing back, as what it is now. Asks Stripe how a payment or a refund stands. Twice is once."""
    seen = _SEEN[found.kind](found.thing) if found.kind in _SEEN else None
    _free_the_charge(found, at=at)
    with transaction.atomic():
        if not Found.objects.unwritten().select_for_update().filter(pk=found.pk).exists():
            return
        take_for(found)
        _WRITE[Means(found.means)](found, seen, at)
        found.written(at=at)
    if found.means == Means.LINK and found.member:
        PayeeAccount.objects.get(member=found.member).look(at=at)


def _as_payout(found: Found, _seen: object, at: datetime) -> None:
    payout = payout_of(found)
    assert payout is not None
    payout.record(transfer=found.thing, at=at, by=None)
    payout.run.follow(at=at)


def _as_pay(found: Found, _seen: object, at: datetime) -> None:
    assert found.member is not None
    _post(found, [Move(Account.pay(found.member.pk), Account.fund(Account.Kind.STRIPE), found.cents)], at=at)


def _as_charge(found: Found, seen: answers.Payment, at: datetime) -> None:
    assert found.visit is not None
    charge = _charge_of(found) or Charge.take(found.visit, kind=found.name["kind"], cents=seen.cents, at=at)
    charge.adopt(seen, name=found.name, at=at)
    if charge.intent == seen.id:
        return
    found.means = Means.NOTHING if found.kind == Found.Kind.HOLD else Means.CREDIT
    _WRITE[found.means](found, seen, at)


def _charge_of(found: Found) -> Charge | None:
    """The visit's charge of that kind; a fee stands in the row of the price."""
    kind = found.name["kind"]
    kinds = (Charge.Kind.PRICE, Charge.Kind.FEE) if kind in (Charge.Kind.PRICE, Charge.Kind.FEE) else (kind,)
    return Charge.objects.filter(visit=found.visit, kind__in=kinds).order_by("pk").first()


def _free_the_charge(found: Found, *, at: datetime) -> None:
    """A hold that ran out since the backup still stands in its row: it goes first, so that the later one fits in."""
    take_for(found)
    charge = _charge_of(found) if found.means == Means.CHARGE else None
    if charge and charge.intent not in (None, found.thing):
        charge.converge(gateway.payment(charge.intent), at=at)


def _as_credit(found: Found, seen: answers.Payment | answers.GivenBack | None, at: datetime) -> None:
    assert found.client is not None
    _move(found, seen, Account.credit(found.client.pk), at=at)


def _as_unclaimed(found: Found, seen: answers.Payment | answers.GivenBack | None, at: datetime) -> None:
    _move(found, seen, Account.fund(Account.Kind.UNCLAIMED), at=at)


def _move(found: Found, seen: answers.Payment | answers.GivenBack | None, account: Account, *, at: datetime) -> None:
    """What came in stands in the account, less what went out; Stripe's fee is ours."""
    stripe = Account.fund(Account.Kind.STRIPE)
    if not isinstance(seen, answers.Payment):
        _post(found, [Move(account, stripe, found.cents)], at=at)
        return
    if seen.taken is None:
        raise errors.Unknown(NOT_YET)
    fee = Move(Account.fund(Account.Kind.OPERATIONS), stripe, seen.taken.fee)
    _post(found, [Move(stripe, account, seen.taken.cents), fee], at=at)


def _as_refund(found: Found, seen: answers.GivenBack, at: datetime) -> None:
    charge = Charge.objects.filter(intent=found.whom).first()
    if charge is None:
        found.means = Means.CREDIT
        _as_credit(found, seen, at)
        return
    by, note = found.recovery.written_by, _("Found at Stripe after a backup was restored.")
    assert by is not None
    asked = {"payment_intent": found.whom, "amount": found.cents, "metadata": found.name}
    facts = {"responsible": Refund.Responsible.COOP, "note": note, "made_by": by, "made_at": at, "due_at": at}
    refund = Refund.objects.create(charge=charge, cents=found.cents, params=asked, **facts)
    refund.record_event("give", at=at, by=by, note=note)
    refund.converge(seen, at=at)


def _as_known(found: Found, _seen: object, _at: datetime) -> None:
    if found.member:
        row, _is_new = PayeeAccount.objects.select_for_update().get_or_create(member=found.member)
        PayeeAccount.objects.filter(pk=row.pk, account__isnull=True).update(account=found.thing)
    elif found.client:
        card, _is_new = Card.objects.select_for_update().get_or_create(client=found.client)
        Card.objects.filter(pk=card.pk, customer="").update(customer=found.thing)


def _as_nothing(_found: Found, _seen: object, _at: datetime) -> None:
    """No money is in it."""


def _post(found: Found, moves: list[Move], *, at: datetime) -> None:
    kind, memo = Entry.Kind.RECOVERED, f"{found.kind} {found.thing}"
    day = found.made_at.date()
    Entry.post(key=f"recovered:{found.thing}", kind=kind, effective_on=day, at=at, moves=moves, memo=memo)


_SEEN: dict[str, Callable[[str], object]] = {
    "payment": gateway.payment,
    "hold": gateway.payment,
    "refund": gateway.look_at_refund,
}
_WRITE: dict[Means, Callable[..., None]] = {
    Means.PAYOUT: _as_payout,
    Means.PAY: _as_pay,
    Means.CHARGE: _as_charge,
    Means.CREDIT: _as_credit,
    Means.REFUND: _as_refund,
    Means.LINK: _as_known,
    Means.NOBODY: _as_unclaimed,
    Means.NOTHING: _as_nothing,
}
