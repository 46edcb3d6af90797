"""How the messages of the waitlist are meant."""

from members import notice_timing
from members.notice_timing import Kind

notice_timing.declare(Kind.URGENT, "waitlist_asked")
