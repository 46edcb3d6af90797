"""Who bears what goes back to a client."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.models import Visit
from coop.errors import Refusal
from coop.money import split
from members.models import Member
from members.standing.meaning import BEARING
from payouts.charges.charges import Charge
from payouts.charges.sums.refund_rows import Responsible
from payouts.ledger.earnings import crew_minutes
from payouts.ledger.ledger import Account, Move


def crew_of(visit: Visit) -> dict[int, int]:
    """Minutes by member, for those who were paid for a visit, done or called off."""
    return crew_minutes(visit) or visit.who_loses()


def who_bears(visit: Visit, owed: Account, cents: int, *, responsible: str, of: Charge.Kind) -> list[Move]:
    """Where cents that go back of a charge come from: of a tip the tips of those who got it, else by who is
    responsible; what a crew bears is shared by their minutes.
    """
    if of == Charge.Kind.TIP or responsible == Responsible.WORKER:
        mine = Account.tips if of == Charge.Kind.TIP else Account.pay
        return [Move(mine(member), owed, part) for member, part in split(cents, crew_of(visit)).items()]
    fund = Account.Kind.RESERVE if responsible == Responsible.NOBODY else Account.Kind.OPERATIONS
    return [Move(Account.fund(fund), owed, cents)]


def insist_that_the_crew_is_here(visit: Visit, *, at: datetime) -> None:
    """Refused where nobody was paid, or where somebody of them has left."""
    crew = crew_of(visit)
    if not crew:
        raise Refusal(_("Nobody was paid for this, so nobody's pay can bear it."), field="responsible")
    paid = Member.objects.in_state(*BEARING, on=timezone.localdate(at)).filter(pk__in=crew)
    if paid.count() < len(crew):
        raise Refusal(_("Somebody who did this has left the co-op: their pay cannot bear it."), field="responsible")
