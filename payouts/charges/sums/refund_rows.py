"""Many refunds: their states, what of a charge went back by which way, and what is left of it."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, F, Q, Sum, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.money import dollars
from payouts.charges.charges import Charge
from payouts.charges.credit import credit_spent
from payouts.charges.sums.ways_back import Ways
from payouts.stripe.attempts import AttemptQuerySet

if TYPE_CHECKING:
    from payouts.charges.refunds import Refund as Refund

GIVEN_BACK_ON = (Charge.State.CAPTURED, Charge.State.SETTLED)


class RefundState(models.TextChoices):
    """How far a refund is."""

    ASKED = "asked", gettext_lazy("waits for a second person")
    DECLINED = "declined", gettext_lazy("not confirmed")
    DUE = "due", gettext_lazy("on its way")
    OWED = "owed", gettext_lazy("to be paid by check or in cash")
    SENT = "sent", gettext_lazy("given back")
    FAILED = "failed", gettext_lazy("did not go through")


class Responsible(models.TextChoices):
    """Who gave rise to a refund, and so who bears it."""

    COOP = "coop", gettext_lazy("Ours: running the co-op pays for it")
    NOBODY = "nobody", gettext_lazy("Nobody's, bad luck: the shared reserve pays for it")
    CLIENT = "client", gettext_lazy("The client's, and we are kind: running the co-op pays for it")
    WORKER = "worker", gettext_lazy("The worker's: it comes out of their pay")


class RefundQuerySet(AttemptQuerySet["Refund"]):
    def in_trouble(self) -> "RefundQuerySet":
        return self.filter(state=RefundState.FAILED)

    def total(self) -> int:
        """Their cents together."""
        return int(self.aggregate(total=Sum("cents", default=0))["total"])

    def given(self) -> "RefundQuerySet":
        """What was given back or will be, with its cents as `.back`: of one that did not go through, what is credit."""
        back = Case(When(state=RefundState.FAILED, then=F("credit_cents")), default=F("cents"))
        return self.exclude(state__in=[RefundState.ASKED, RefundState.DECLINED]).annotate(back=back)

    def cents_back(self) -> int:
        """The cents of those together."""
        return int(self.given().aggregate(total=Sum("back", default=0))["total"])

    def by_way(self) -> Ways:
        """The same by way, with those that wait for a second person: what they ask for is not given twice."""
        charged = Sum(F("cents") - F("credit_cents"), filter=~Q(state=RefundState.FAILED), default=0)
        rows = self.exclude(state=RefundState.DECLINED)
        return Ways(**rows.aggregate(charged=charged, credit=Sum("credit_cents", default=0)))


def paid_by(charge: Charge) -> Ways:
    """What a charge took, and the credit that paid with it; nothing before it was taken."""
    taken = charge.cents if charge.paid_outside_at else charge.captured_cents
    price = charge.kind == Charge.Kind.PRICE and charge.state in (*GIVEN_BACK_ON, Charge.State.RELEASED)
    return Ways(taken if charge.state in GIVEN_BACK_ON else 0, credit_spent(charge.visit) if price else 0)


def check_left(cents: int, left: int) -> None:
    """Refused where more would go back than is left."""
    if not 0 < cents <= left:
        most = dollars(left)
        raise Refusal(_("Of this charge at most %(left)s can be given back.") % {"left": most}, field="amount")
