"""Who may change a visit of a household. When it may be done is for the verbs to say."""

from rules.permissions import add_perm

from bookings.visits.rules import is_the_client

add_perm("bookings.move_own_visit", is_the_client)
add_perm("bookings.cancel_own_visit", is_the_client)
