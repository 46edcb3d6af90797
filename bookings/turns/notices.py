"""How the messages about offers and swaps are meant."""

from bookings.visits.notices import beginning
from members.notices import notice_timing
from members.notices.notice_timing import Kind

notice_timing.declare(Kind.URGENT, "offer_made")
notice_timing.declare(
    Kind.URGENT,
    *("offer_taken_back", "yes_noted", "swap_asked", "swap_answered", "person_comes"),
    begins=beginning,
)
