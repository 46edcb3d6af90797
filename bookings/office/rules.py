"""What the office may do about bookings, visits and shifts. When it may be done is for the verbs to say."""

from rules.permissions import add_perm

from members.rules import holds, not_oneself

add_perm("bookings.confirm_booking", holds("coordinator") & not_oneself)
add_perm("bookings.reschedule_visit", holds("coordinator") & not_oneself)
add_perm("bookings.cancel_visit", holds("coordinator") & not_oneself)
add_perm("bookings.miss_visit", holds("coordinator") & not_oneself)
add_perm("bookings.wind_up_visit", holds("coordinator") & not_oneself)
add_perm("bookings.ask_again_shift", holds("coordinator"))
add_perm("bookings.relieve_shift", holds("coordinator") & not_oneself)
