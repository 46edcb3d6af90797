"""How many times somebody may keep at once before they sign in: nobody blocks a week by clicking through it.

Visitors are told apart by the address they come from, of which only a keyed hash is remembered, for an hour.
"""

from datetime import datetime

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from bookings.models import Quote, Shift
from bookings.policies import MOST_HOLDS
from coop.errors import Refusal

AN_HOUR = 3600
REMEMBERED = 50
"""Drafts of one visitor that are remembered; more than anybody may keep times for."""


def visitor(request: HttpRequest) -> str:
    """Under what a visitor's drafts are remembered; empty for somebody who is signed in, who has no limit."""
    if request.user.is_authenticated:
        return ""
    address = get_adapter(request).get_client_ip(request)
    return f"holds:{salted_hmac('bookings.holds', str(address)).hexdigest()[:32]}"


def insist_on_room(who: str, draft: Quote, *, at: datetime) -> None:
    """Refuse one more kept time to a visitor who keeps too many; the draft's own does not count."""
    if not who:
        return
    most = MOST_HOLDS.on(timezone.localdate(at))
    drafts = [known for known in cache.get(who, []) if known != draft.pk]
    kept = Shift.objects.filter(quote__in=drafts, state=Shift.State.HELD, visit=None, held_until__gt=at)
    if kept.values("quote").distinct().count() >= most:
        raise Refusal(
            _("We keep other times for you already. Book one of them, or wait some minutes until they are free again."),
            field="starts_at",
        )


def remember(who: str, draft: Quote) -> None:
    """This draft keeps a time for this visitor now."""
    if who:
        drafts = [known for known in cache.get(who, []) if known != draft.pk]
        cache.set(who, [*drafts, draft.pk][-REMEMBERED:], AN_HOUR)
