"""How the messages of the waitlist are meant."""

from members.notices import notice_timing
from members.notices.notice_timing import Kind

notice_timing.declare(Kind.URGENT, "waitlist_asked")
