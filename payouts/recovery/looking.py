"""Looking at what was made at Stripe in our name, from the mark on."""

from datetime import datetime

from django.db import transaction

from payouts.recovery.known import unknown
from payouts.recovery.recoveries import Recovery
from payouts.stripe import finding
from payouts.stripe.lookout import OVERLAP, Lookout


def look(*, at: datetime) -> None:
    """Ask Stripe what was made since the mark; note what the books do not know, and move the mark. Safe to call twice.

    Whatever is asked for while we look has its parameters in its row before, and so is known.
    """
    since = Lookout.objects.get().since(at)
    made = finding.made_since(since - OVERLAP)
    with transaction.atomic():
        lookout = Lookout.held()
        Recovery.note(unknown(made), since=since, at=at)
        lookout.has_looked(at=at)


def look_if_it_is_time(*, at: datetime) -> None:
    """Every ten minutes, and at once after a restore."""
    if Lookout.objects.to_look(at).exists():
        look(at=at)
