"""How the messages about bookings, visits and shifts are meant."""

from datetime import datetime

from members.notices import notice_timing
from members.notices.notice_timing import About, Kind


def beginning(about: About) -> datetime:
    """When the shift or the visit of a message begins."""
    found: datetime = (about.get("shift") or about["visit"]).starts_at
    return found


notice_timing.declare(Kind.URGENT, "tomorrow")
notice_timing.declare(
    Kind.URGENT,
    *("reminder", "person_changes", "somebody_comes"),
    *("visit_moved", "visit_short", "visit_cancelled", "visit_missed", "visit_locked_out", "visit_settled"),
    *("shift_call", "shift_moved", "shift_cancelled", "shift_relieved", "mate_left"),
    begins=beginning,
)
notice_timing.declare(Kind.ANSWER, "booking_confirmed", "booking_cancelled")
