"""When the founding of a co-op is over: once, and for good."""

from collections.abc import Callable

from django.utils import timezone

from members.standing.meaning import VOTING
from members.standing.standings import Stretch

FEWEST = 3
"""With fewer owners nobody could be a second person about one of them."""
ends: list[Callable[[], bool]] = []
"""What ends the founding, once there were enough owners: rooms above say so."""


def is_founded() -> bool:
    """From then on members come by admission, and offices change with a second person, however many have left."""
    return _were_enough() and any(over() for over in ends)


def _were_enough() -> bool:
    """Have so many been owners? Who left counts: else one of two who stay could decide alone again."""
    owned = Stretch.objects.filter(state__in=VOTING, days__startswith__lte=timezone.localdate())
    return owned.values("member").distinct().count() >= FEWEST
