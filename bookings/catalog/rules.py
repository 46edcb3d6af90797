"""Who may do what on the pages of the catalogue."""

from rules.permissions import add_perm

from members.rules import holds

add_perm("bookings.hang_doorsign", holds("coordinator", "board"))
add_perm("bookings.set_prices", holds("coordinator"))
add_perm("bookings.write_down_leastwage", holds("treasurer", "board"))
add_perm("bookings.take_back_leastwage", holds("treasurer", "board"))
