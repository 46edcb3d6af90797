"""What changed in the catalogue, among what is new for those who work here; prices for whoever sets them."""

from datetime import date, datetime

from django.db.models import Model
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.catalog.extras import AddOn
from bookings.catalog.services import Service
from coop.models import Event
from members.models import User
from members.news.sources import NewsItem, Source, register

OFFERED = ("add", "change", "retire", "bring_back")
PRICED = ("set_price", "take_back_price")
KINDS: tuple[type[Model], ...] = (Service, AddOn)


def _changed(verbs: tuple[str, ...], since: datetime, until: datetime) -> list[tuple[Event, str]]:
    """The latest of such events about each service or extra, with its name. Three queries."""
    kinds = [model._meta.label_lower for model in KINDS]
    events = Event.objects.filter(kind__in=kinds, verb__in=verbs, at__gt=since, at__lte=until)
    latest = {(one.kind, one.subject): one for one in events.order_by("at", "pk")}
    names = {
        (model._meta.label_lower, row.pk): str(row)
        for model in KINDS
        for row in model._default_manager.filter(
            pk__in=[subject for kind, subject in latest if kind == model._meta.label_lower]
        )
    }
    return [(event, names.get(row, "")) for row, event in latest.items()]


def offered(user: User, since: datetime, until: datetime) -> list[NewsItem]:
    """Services and extras that came, changed or went."""
    words = {
        "add": _("New: %s"),
        "change": _("Changed: %s"),
        "retire": _("No longer offered: %s"),
        "bring_back": _("Offered again: %s"),
    }
    changed = _changed(OFFERED, since, until)
    return [
        NewsItem(event.at, words[event.verb] % _with_day(event, name), reverse("prices")) for event, name in changed
    ]


def _with_day(event: Event, name: str) -> str:
    """Its name, and from when nobody can choose it, where that was said."""
    if event.verb != "retire" or not event.note:
        return name
    told = {"name": name, "day": date_format(date.fromisoformat(event.note))}
    return _("%(name)s, from %(day)s on") % told


def priced(user: User, since: datetime, until: datetime) -> list[NewsItem]:
    """Prices that somebody set or took back."""
    changed = _changed(PRICED, since, until)
    return [NewsItem(event.at, _("A price changes: %s") % name, reverse("prices")) for event, name in changed]


register("services", Source(offered))
register("prices", Source(priced, perm="bookings.coordinate"))
