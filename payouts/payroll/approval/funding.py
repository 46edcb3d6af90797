"""Whether Stripe has the money for a pay run at this moment."""

from dataclasses import dataclass

from django.db.models import Q, Sum

from payouts.payroll.payouts import Payout
from payouts.payroll.payruns import PayRun
from payouts.stripe import errors, gateway
from payouts.stripe.calls import while_somebody_waits


@dataclass(frozen=True)
class Funding:
    """What a draft and the pay that is on its way need, in cents, and what Stripe has (None: it does not answer).

    Whoever has no bank account yet is not counted: theirs is sent once they have one.
    """

    run: int
    others: int
    available: int | None

    @classmethod
    def of(cls, run: PayRun) -> "Funding":
        """Stripe is asked, as long as somebody has patience who waits for a page; no transaction may be open."""
        ready = Payout.objects.by_us().filter(member__payee_account__transfers_active=True)
        on_its_way = Q(state__in=[Payout.State.PENDING, Payout.State.SENDING])
        on_its_way |= Q(state=Payout.State.WAITING, due_at__isnull=False)
        sums = ready.aggregate(
            run=Sum("cents", filter=Q(run=run), default=0), others=Sum("cents", filter=on_its_way, default=0)
        )
        return cls(sums["run"], sums["others"], _available())

    @property
    def short(self) -> int:
        """Cents that are missing, as far as Stripe says."""
        return max(0, self.run + self.others - self.available) if self.available is not None else 0


def _available() -> int | None:
    try:
        with while_somebody_waits():
            return gateway.available_cents()
    except errors.GatewayTrouble:
        return None
