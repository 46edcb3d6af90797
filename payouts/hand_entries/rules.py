"""Who writes into the books by hand. That it takes two, and who is second, is for confirmations to say."""

from typing import Any

from django.utils import timezone
from rules.permissions import add_perm
from rules.predicates import predicate

from members.models import Confirmation
from members.rules import holds, not_oneself
from payouts.bookkeeping.rules import OFFICES
from payouts.hand_entries.hand_entries import MATTER, HandEntry


@predicate  # type: ignore[untyped-decorator]
def stands_in(user: Any, one: HandEntry | None) -> bool:
    """Named for one that nobody of the offices can confirm, as long as it waits."""
    asked = Confirmation.objects.waiting().filter(kind=MATTER, subject=one.pk).first() if one else None
    return asked is not None and user in asked.seconds(timezone.now())


add_perm("payouts.draft_handentry", holds(*OFFICES))
add_perm("payouts.undo_handentry", holds(*OFFICES) & not_oneself)
add_perm("payouts.open_handentry", holds(*OFFICES) | stands_in)
