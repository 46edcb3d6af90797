"""What a completed visit does to the books."""

from datetime import datetime

from bookings.models import Visit
from bookings.policies import PAY_FLOOR, shares_on
from bookings.sharing import Shares, share_out
from payouts.models.ledger import Account, Entry, Move


def crew_minutes(visit: Visit) -> dict[int, int]:
    """Minutes of work by member id, for those who did the visit."""
    crew = visit.shifts.filter(state__in=["started", "done"], member__isnull=False)
    return {shift.member_id: shift.minutes for shift in crew.order_by("member_id") if shift.member_id}


def shares_of(visit: Visit) -> Shares:
    """Where each cent of this visit goes, by the rules of its day and by member id."""
    return share_out(
        visit.cents, minutes=crew_minutes(visit), shares=shares_on(visit.day), floor=PAY_FLOOR.on(visit.day)
    )


def post_visit(visit: Visit, *, at: datetime) -> Entry:
    """Write a completed visit into the books: the client owes its price, each of the crew and each fund has a part."""
    shares = shares_of(visit)
    client, operations = Account.client(visit.booking.home.client_id), Account.fund(Account.Kind.OPERATIONS)
    moves = [Move(client, Account.pay(member), cents) for member, cents in shares.workers.items()]
    moves += [Move(client, Account.fund(name), cents) for name, cents in shares.funds.items()]
    moves += [Move(operations, Account.pay(member), cents) for member, cents in shares.topped_up.items()]
    return Entry.post(
        key=f"visit:{visit.pk}", kind=Entry.Kind.VISIT, effective_on=visit.day, at=at, moves=moves, visit=visit
    )
