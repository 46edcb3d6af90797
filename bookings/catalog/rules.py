"""Who may do what on the pages of the catalogue."""

from rules.permissions import add_perm

from members.offices.bundles import has_bundle

add_perm("bookings.hang_doorsign", has_bundle("door"))
add_perm("bookings.set_prices", has_bundle("visits"))
add_perm("bookings.write_down_leastwage", has_bundle("wages"))
add_perm("bookings.take_back_leastwage", has_bundle("wages"))
