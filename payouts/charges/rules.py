"""Who may do what with the money of clients. Who, never when."""

from typing import Any

from rules.permissions import add_perm
from rules.predicates import predicate

from bookings.models import Visit
from members.rules import holds, not_oneself


@predicate  # type: ignore[untyped-decorator]
def lives_there(user: Any, visit: Visit | None) -> bool:
    """The household of this visit."""
    return visit is not None and visit.booking.client.includes(user)


add_perm("bookings.tip_visit", lives_there)
add_perm("bookings.receipt_visit", lives_there | holds("treasurer"))
add_perm("bookings.refund_visit", holds("treasurer", "coordinator"))
add_perm("payouts.retry_refund", holds("treasurer"))
add_perm("payouts.pay_outside_refund", holds("treasurer") & not_oneself)
add_perm("payouts.retry_charge", holds("treasurer") & not_oneself)
add_perm("payouts.pay_outside_charge", holds("treasurer") & not_oneself)
