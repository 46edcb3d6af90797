"""How the messages about visits that go on, or should, are meant."""

from bookings.visits.notices import beginning
from members.notices import notice_timing
from members.notices.notice_timing import Kind

notice_timing.declare(Kind.URGENT, "incident_reported")
notice_timing.declare(
    Kind.URGENT,
    *("late_client", "late_office", "late_worker", "not_finished", "running_late", "running_late_office"),
    begins=beginning,
)
