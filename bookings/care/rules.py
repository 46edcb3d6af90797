"""Who may add to the record of care."""

from rules.permissions import add_perm

from members.rules import holds, not_oneself

add_perm("bookings.export_care", holds("coordinator"))
add_perm("bookings.edit_carerecord", holds("coordinator") & not_oneself)
