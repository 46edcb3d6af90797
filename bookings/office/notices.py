"""Which messages about homes and visits the office reads to whoever has no address."""

from members.notices.by_phone import read_out

read_out(
    *("area_open", "booking_cancelled", "booking_confirmed", "booking_disowned", "household_invited", "redo_declined"),
    *("late_client", "late_office", "late_worker", "mate_left", "not_finished", "running_late", "running_late_office"),
    *("offer_made", "offer_taken_back", "person_changes", "person_comes", "swap_answered", "swap_asked", "yes_noted"),
    *("reminder", "somebody_comes", "substitute", "times_written", "tomorrow", "waitlist_asked"),
    *("series_clash", "series_price", "series_reopened", "series_regular", "incident_closed", "incident_reported"),
    *("shift_call", "shift_cancelled", "shift_missed", "shift_moved", "shift_relieved"),
    *("visit_cancelled", "visit_locked_out", "visit_missed", "visit_moved", "visit_settled", "visit_short"),
)
