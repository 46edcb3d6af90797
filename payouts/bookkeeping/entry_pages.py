"""What an entry is about, and who did what it followed."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.models import Visit
from coop.models import Event
from members.models import User
from payouts.ledger.ledger import Entry


@dataclass(frozen=True)
class About:
    """One thing that an entry is about, in words; `address` where whoever reads may see it, else empty."""

    words: str
    address: str = ""


Finder = Callable[[Entry, User], list[About]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Let a folder say what its entries are about."""
    if finder not in _finders:
        _finders.append(finder)


def about(entry: Entry, user: User) -> list[About]:
    """All that it is about, as this person may see it."""
    return [one for find in _finders for one in find(entry, user)]


def _visit(entry: Entry, user: User) -> list[About]:
    visit = entry.visit
    if visit is None:
        return []
    words = {"number": visit.pk}
    found = [About(_("Visit %(number)s") % words, _way_to(visit, user))]
    if user.has_perm("bookings.refund_visit", visit):
        found.append(About(_("What was charged and given back"), reverse("refund_visit", args=[visit.pk])))
    if user.has_perm("bookings.receipt_visit", visit):
        found.append(About(_("Receipt %(number)s") % words, reverse("receipt", args=[visit.pk])))
    return found


def _way_to(visit: Visit, user: User) -> str:
    may_see = Visit.objects.visible_to(user).filter(pk=visit.pk).exists()
    return reverse("visit", args=[visit.pk]) if may_see else ""


def _payout(entry: Entry, _user: User) -> list[About]:
    return (
        [About(_("Pay run %(days)s") % {"days": entry.payout.run}, entry.payout.run.get_absolute_url())]
        if (entry.payout)
        else []
    )


register(_visit)
register(_payout)


def posted_by(entry: Entry) -> User | None:
    """Who did that in whose moment it was written; None where nobody did, as when a bank answers."""
    rows = [row for row in (entry.visit, entry.charge, entry.payout) if row is not None]
    of_these = Q(pk__in=[])
    for row in rows:
        of_these |= Q(kind=row._meta.label_lower, subject=row.pk)
    done = Event.objects.filter(of_these, at=entry.posted_at, actor__isnull=False).select_related("actor")
    event = done.order_by("pk").first()
    return event.actor if event else None
