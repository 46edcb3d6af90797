"""Where the co-op comes, in the words that people use for it."""

from collections.abc import Iterable
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coop.errors import Refusal
from coop.models import ZipCode

BOROUGHS = {
    "Bronx County": _("the Bronx"),
    "Kings County": _("Brooklyn"),
    "New York County": _("Manhattan"),
    "Queens County": _("Queens"),
    "Richmond County": _("Staten Island"),
}


def served(day: date) -> list[str]:
    """The areas that are served on a day: New York's boroughs by their names, others by their counties."""
    counties = ZipCode.objects.served(day).order_by("county").values_list("county", flat=True).distinct()
    return [str(BOROUGHS.get(county, county)) for county in counties]


def check_served(area: ZipCode, day: date, *, field: str | None = None) -> None:
    """Refuse a visit of a day on which the co-op does not come there, with the days on which it does."""
    if not area.is_served(day):
        raise Refusal(not_served(area, day), field=field)


def not_served(area: ZipCode, day: date) -> str:
    """Why no visit of that day can be booked there."""
    if comes := area.next_served(day):
        return _from_then_on(area, comes)
    if last := area.last_served(day):
        told = {"zip": area.code, "day": date_format(last)}
        return gettext("We come to %(zip)s until %(day)s, and not after that.") % told
    return gettext("We do not come to %(zip)s yet.") % {"zip": area.code}


def when_served(area: ZipCode, first: date, last: date) -> str:
    """What to know about the days from `first` to `last`, if we do not come there on all of them; else nothing."""
    comes = area.next_served(first)
    if comes and first < comes <= last:
        return _from_then_on(area, comes)
    ended = area.last_served(first)
    return not_served(area, last) if ended and ended < last else ""


def _from_then_on(area: ZipCode, day: date) -> str:
    return gettext("We come to %(zip)s from %(day)s on.") % {"zip": area.code, "day": date_format(day)}


def days_served(known: Iterable[DateRange], steps: Iterable[tuple[date, bool]], *, today: date) -> list[DateRange]:
    """What was known before `today`, and from then on what the steps say: from which day on it is served, or not.

    The steps are in order; of two for one day the later one counts. Pure.
    """
    days = [DateRange(one.lower, min(one.upper or today, today)) for one in known if (one.lower or date.min) < today]
    began = days.pop() if days and days[-1].upper == today else None
    for day, serves in dict(steps).items():
        if serves and began is None:
            began = DateRange(day)
        elif began is not None and not serves:
            days.append(DateRange(began.lower, day))
            began = None
    return days if began is None else [*days, DateRange(began.lower)]
