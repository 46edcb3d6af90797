"""Rules that took force, among what is new for those who work here."""

from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from coop.models import Amendment
from coop.policies import registry
from members.models import User
from members.news.sources import NewsItem, Source, register


def _in_force_at(amendment: Amendment) -> datetime:
    """When its day began where the co-op is, or when it was written, whichever is later."""
    begins = timezone.make_aware(datetime.combine(amendment.effective_on, time()), timezone.get_default_timezone())
    return max(begins, amendment.enacted_at)


def say(user: User, since: datetime, until: datetime) -> list[NewsItem]:
    """Each rule that holds since then, with what it says now."""
    first = timezone.localdate(since) - timedelta(days=1)
    rows = Amendment.objects.filter(effective_on__lte=timezone.localdate(until))
    young = rows.filter(effective_on__gt=first) | rows.filter(enacted_at__gt=since)
    return [
        NewsItem(_in_force_at(row), _("A rule changed. %s") % row, reverse("policies"))
        for row in young.order_by("effective_on", "pk")
        if row.policy in registry and since < _in_force_at(row) <= until
    ]


register("rules", Source(say))
