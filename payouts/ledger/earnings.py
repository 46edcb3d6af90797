"""What a visit that is done, or was called off too late, does to the books."""

from datetime import datetime

from bookings.catalog.sharing import Shares, share_out
from bookings.models import Visit
from bookings.policies import shares_on
from bookings.visits.pay import floor_at
from members.models import Member, Notice
from payouts.ledger.ledger import Account, Entry, Move


def crew_minutes(visit: Visit) -> dict[int, int]:
    """Minutes of work by member id, for those who did the visit."""
    crew = visit.shifts.begun().filter(member__isnull=False)
    return {shift.member_id: shift.minutes for shift in crew.order_by("member_id") if shift.member_id}


def shares_of(visit: Visit) -> Shares:
    """Where each cent of this visit goes, by the rules of its day and by member id."""
    return share_out(visit.cents, minutes=crew_minutes(visit), shares=shares_on(visit.day), floor=floor_at(visit))


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


def post_fee(visit: Visit, *, at: datetime) -> Entry:
    """Write the fee for a visit that was called off into the books: the client owes it, who lost the work shares it.

    It counts on the day on which it arose. Whoever gets a part of it is told.
    """
    shares = visit.fee_shares(visit.fee_cents)
    client = Account.client(visit.booking.home.client_id)
    moves = [Move(client, Account.pay(member), cents) for member, cents in shares.workers.items()]
    moves += [Move(client, Account.fund(name), cents) for name, cents in shares.funds.items()]
    for member in Member.objects.filter(pk__in=[pk for pk, cents in shares.workers.items() if cents]).order_by("pk"):
        about = {"visit": visit, "cents": shares.workers[member.pk], "zone": visit.booking.home.zip.zone}
        Notice.post(f"fee:{visit.pk}:{member.pk}", to=member.user, mail="fee_shared", at=at, about=about)
    day = at.astimezone(visit.zone).date()
    return Entry.post(key=f"fee:{visit.pk}", kind=Entry.Kind.FEE, effective_on=day, at=at, moves=moves, visit=visit)
