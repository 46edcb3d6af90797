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
from payouts.pay_kinds.pay_kinds import Kinds, PayKind

NO_DEDUCTIONS = frozenset({"NY"})
"""States in which nothing may be taken out of wages for what broke or for complaints: New York, Labor Law 193."""


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


def insist_that_pay_can_bear_it(charge: Charge, responsible: str, *, at: datetime) -> None:
    """Refused where nobody was paid, where somebody of them has left, or where the law does not let it."""
    crew = crew_of(charge.visit)
    if not crew:
        raise Refusal(_("Nobody was paid for this, so nobody's pay can bear it."), field="responsible")
    paid = Member.objects.in_state(*BEARING, on=timezone.localdate(at)).filter(pk__in=crew)
    if paid.count() < len(crew):
        raise Refusal(_("Somebody who did this has left the co-op: their pay cannot bear it."), field="responsible")
    insist_on_the_law(charge, responsible)


def insist_on_the_law(charge: Charge, responsible: str) -> None:
    """Refused where pay would bear it of somebody who was paid wages for the day of the work, and the law there
    protects them.
    """
    visit, from_pay = charge.visit, responsible == Responsible.WORKER and charge.kind != Charge.Kind.TIP
    if not from_pay or visit.booking.home.zip.state not in NO_DEDUCTIONS:
        return
    crew = crew_of(visit)
    kinds = Kinds(crew)
    protected = [member for member in crew if kinds.on(member, visit.day) == PayKind.Kind.WAGES]
    if protected:
        people = Member.objects.filter(pk__in=protected).select_related("user").order_by("pk")
        said = _(
            "%(names)s was paid wages for that day. In New York nothing may be taken out of wages for what broke or "
            "for complaints (Labor Law 193), so the co-op bears it."
        )
        raise Refusal(said % {"names": ", ".join(one.short_name for one in people)}, field="responsible")
