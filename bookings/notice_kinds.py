"""What this room tells people that cannot wait, and in which time zone its households live."""

from datetime import datetime

from bookings.households.clients import Client, Home
from members import notice_timing
from members.models import User
from members.notice_timing import About, Kind


def listen() -> None:
    notice_timing.live(zone_of_home)
    notice_timing.declare(Kind.URGENT, "incident_reported", "offer_made", "tomorrow", "waitlist_asked")
    notice_timing.declare(Kind.URGENT, "offer_taken_back", begins=beginning)
    notice_timing.declare(
        Kind.URGENT,
        *("late_client", "late_office", "late_worker", "not_finished"),
        *("person_changes", "person_comes", "reminder"),
        *("running_late", "running_late_office", "shift_call", "somebody_comes", "visit_short", "yes_noted"),
        *("mate_left", "visit_settled", "shift_relieved"),
        *("shift_cancelled", "shift_moved", "substitute", "swap_answered", "swap_asked"),
        *("visit_cancelled", "visit_locked_out", "visit_missed", "visit_moved"),
        begins=beginning,
    )
    notice_timing.declare(
        Kind.ANSWER, "booking_cancelled", "booking_confirmed", "booking_disowned", "household_invited"
    )


def beginning(about: About) -> datetime:
    """When the shift or the visit of a message begins."""
    found: datetime = (about.get("shift") or about["visit"]).starts_at
    return found


def zone_of_home(user: User) -> str | None:
    """Where the first of their homes is."""
    homes = Home.objects.filter(client__in=Client.objects.of(user), removed_at=None)
    return homes.order_by("pk").values_list("zip__zone", flat=True).first()
