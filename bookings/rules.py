"""Who sees the pages of several wings. What may be done on one wing's own pages stands in the rules of that wing."""

from rules.permissions import add_perm

from members.rules import holds, is_member

add_perm("bookings.work", is_member)
add_perm("bookings.coordinate", holds("coordinator"))
