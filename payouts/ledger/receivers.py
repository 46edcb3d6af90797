"""What the books and weeks take from what the bookings announce, inside their transactions."""

from datetime import datetime
from typing import Any

from bookings.models import Shift, Visit
from bookings.signals import shift_left, visit_cancelled, visit_completed
from coop.contact import settles_zone
from members.joining.worked import tell_hourly
from payouts.ledger.hourly import hourly
from payouts.ledger.ledger import Entry
from payouts.ledger.supplements import Supplement
from payouts.ledger.weeks import WorkWeek


def count_time(*, subject: Visit, **_facts: Any) -> None:
    """Whoever came has worked, or stood at the door: their week is looked at when the day is over."""
    WorkWeek.expect(subject)


def pay_who_left(*, subject: Shift, at: datetime, **_facts: Any) -> None:
    """Somebody left a visit to be safe: running the co-op pays them, and it counts as working time."""
    Supplement.pay_who_left(subject, at=at)
    assert subject.visit is not None
    WorkWeek.expect(subject.visit)


visit_completed.connect(count_time, dispatch_uid="payouts.count_time")
visit_cancelled.connect(count_time, dispatch_uid="payouts.count_time_at_the_door")
shift_left.connect(pay_who_left, dispatch_uid="payouts.pay_who_left")
tell_hourly(hourly)
settles_zone.append(Entry.objects.exists)
