"""What changed on the checklists, among what is new for those who work here."""

from datetime import datetime

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import ngettext

from bookings.onsite.checklists.checklists import ChecklistTask
from coop.models import Event
from members.models import User
from members.news.sources import NewsItem, Source, register


def say(user: User, since: datetime, until: datetime) -> list[NewsItem]:
    """One line, however many tasks came, changed or went."""
    events = Event.objects.filter(kind=ChecklistTask._meta.label_lower, at__gt=since, at__lte=until)
    found = events.aggregate(n=Count("subject", distinct=True), last=Max("at"))
    words = ngettext("The checklists changed in %(n)d task.", "The checklists changed in %(n)d tasks.", found["n"])
    return [NewsItem(found["last"], words % {"n": found["n"]}, reverse("checklists"))] if found["n"] else []


register("checklists", Source(say))
