"""What the pages of the books are told: which entry was written by hand, and by whom."""

from django.utils.translation import gettext as _

from members.models import User
from payouts.bookkeeping.entry_pages import About, register
from payouts.hand_entries.hand_entries import HandEntry
from payouts.ledger.ledger import Entry


def by_hand(entry: Entry, _user: User) -> list[About]:
    """Who wrote it; the page says who confirmed it."""
    found = HandEntry.objects.light().filter(entry=entry).first()
    words = _("Written by %(name)s") % {"name": found.drafted_by} if found else ""
    return [About(words, found.get_absolute_url())] if found else []


register(by_hand)
