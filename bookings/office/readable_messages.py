"""Which messages to others an office may read."""

from bookings.onsite.incidents.incidents import Incident
from members.models import Notice, User
from members.notices.notices import NoticeQuerySet


def readable_by(user: User) -> NoticeQuerySet:
    """All messages but those of which this person must not know that there is one: of some reports, of some votes."""
    unseen = Incident.objects.exclude(pk__in=Incident.objects.visible_to(user).values("pk"))
    numbers = "|".join(str(pk) for pk in unseen.values_list("pk", flat=True)) or "none"
    return Notice.objects.told_of().exclude(key__regex=rf"^incident_(reported|closed):({numbers})(:|#|$)")
