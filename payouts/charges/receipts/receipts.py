"""What a household paid for a visit: the facts of a receipt, as the page and the paper both say them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from bookings.models import Booking, Visit
from members.models import User
from payouts.charges.cards import Card
from payouts.charges.charges import Charge
from payouts.charges.credit import credit_spent
from payouts.charges.refunds import Refund
from payouts.ledger.ledger import Account, Entry, Transfer
from payouts.ledger.presenters import Parts, shares_in


@dataclass(frozen=True)
class Receipt:
    """One visit that was done, or called off too late: what was charged, what credit paid, and what went back; and
    where each cent of the price or the fee went. `outside`: it is paid by check or in cash. A tip that the card did not
    pay is owed by nobody and stands beside the rest.
    """

    visit: Visit
    charges: list[Charge]
    declined_tip: Charge | None
    credit: int
    given_back: int
    parts: Parts
    card: Card | None
    outside: bool

    @classmethod
    def of(cls, visit: Visit) -> "Receipt":
        """The receipt as it stands now. Five queries."""
        outside = visit.booking.pays == Booking.Pays.OUTSIDE
        charges = list(visit.charges.exclude(state=Charge.State.RELEASED).order_by("pk"))
        return cls(
            visit=visit,
            charges=[charge for charge in charges if not charge.is_declined_tip],
            declined_tip=next((charge for charge in charges if charge.is_declined_tip), None),
            credit=credit_spent(visit),
            given_back=Refund.objects.filter(charge__visit=visit).cents_back(),
            parts=_parts(visit),
            card=None if outside else Card.objects.filter(client=visit.booking.client).first(),
            outside=outside,
        )

    @property
    def total(self) -> int:
        """Cents, tip included, less what went back."""
        return self.credit + sum(charge.cents for charge in self.charges) - self.given_back

    @property
    def tip(self) -> Charge | None:
        return next((charge for charge in self.charges if charge.kind == Charge.Kind.TIP), None)

    @property
    def lines(self) -> list[tuple[str, int]]:
        """What was paid, in words, with its cents."""
        found = [
            (f"{charge.get_kind_display()} ({charge.get_state_display()})".capitalize(), charge.cents)
            for charge in self.charges
        ]
        found += [(_("From your credit"), self.credit)] if self.credit else []
        return [*found, (_("Given back to you"), -self.given_back)] if self.given_back else found

    @property
    def begins(self) -> datetime:
        """When the visit began, in the time of the home."""
        return self.visit.starts_at.astimezone(ZoneInfo(self.visit.booking.home.zip.zone))

    @property
    def file_name(self) -> str:
        return f"receipt-{self.begins:%Y-%m-%d}-{self.visit.pk}.pdf"


def receipted(user: User) -> QuerySet[Visit]:
    """The household's visits that have a receipt, latest first."""
    paid = Q(state=Visit.State.COMPLETED) | Q(fee_cents__gt=0)
    return Visit.objects.at_homes_of(user).filter(paid).order_by("-starts_at", "-pk")


def paid_for(visits: Iterable[Visit]) -> dict[int, int]:
    """What each visit came to in cents, tip and credit included, less what went back. Three queries."""
    paid = Counter({visit.pk: 0 for visit in visits})
    charged = Charge.objects.filter(visit__in=paid).exclude(state=Charge.State.RELEASED)
    charged = charged.exclude(kind=Charge.Kind.TIP, state=Charge.State.FAILED)
    paid.update(dict(charged.values_list("visit").annotate(Sum("cents"))))
    by_credit = Transfer.objects.filter(entry__visit__in=paid, entry__kind=Entry.Kind.CREDIT)
    paid.update(dict(by_credit.order_by().values_list("entry__visit").annotate(Sum("cents"))))
    back = Refund.objects.given().filter(charge__visit__in=paid)
    paid.subtract(dict(back.order_by().values_list("charge__visit").annotate(Sum("back"))))
    return dict(paid)


def _parts(visit: Visit) -> Parts:
    """Where each cent of a visit's price went, or of the fee for it."""
    mine = Transfer.objects.filter(entry__visit=visit, entry__kind__in=[Entry.Kind.VISIT, Entry.Kind.FEE])
    return shares_in(mine.filter(payer__kind=Account.Kind.CLIENT))
