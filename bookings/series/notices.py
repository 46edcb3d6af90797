"""How the messages about visits that come again are meant."""

from bookings.visits.notices import beginning
from members.notices import notice_timing
from members.notices.notice_timing import Kind

notice_timing.declare(Kind.URGENT, "substitute", begins=beginning)
