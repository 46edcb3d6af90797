"""Who may add to the record of care."""

from typing import Any

from rules.permissions import add_perm
from rules.predicates import predicate

from members.rules import holds, is_member, not_oneself


@predicate  # type: ignore[untyped-decorator]
def cares(user: Any) -> bool:
    """Somebody who is sent to care."""
    return "care" in user.membership.skills


add_perm("bookings.keep_care", holds("coordinator") | (is_member & cares))
add_perm("bookings.export_care", holds("coordinator"))
add_perm("bookings.edit_carerecord", holds("coordinator") & not_oneself)
