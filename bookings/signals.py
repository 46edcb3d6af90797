"""What this room announces to the rooms above, inside the transaction in which it happens.

Each is sent with `subject` (the row), `at` and `by`. A receiver that refuses undoes the step.
"""

from django.dispatch import Signal

shift_left = Signal()
booking_requested = Signal()
booking_confirmed = Signal()
booking_cancelled = Signal()
visit_planned = Signal()
visit_completed = Signal()
visit_cancelled = Signal()
visit_moved = Signal()
day_reopened = Signal()
"""`subject` is a closed day that was taken back, before its day."""

household_taken_over = Signal()
"""`subject` is the household, `claimed` whoever booked with its address; with `keep_card` their card is kept, too."""

cleanup_due = Signal()
"""Each minute, with `at` alone: each wing deletes what it kept and what has served."""
