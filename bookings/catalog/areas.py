"""Where the co-op comes, in the words that people use for it."""

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


def served() -> list[str]:
    """The areas that are served: New York's boroughs by their names, others by their counties."""
    counties = ZipCode.objects.served().order_by("county").values_list("county", flat=True).distinct()
    return [str(BOROUGHS.get(county, county)) for county in counties]


def check_served(code: str) -> None:
    """Refuse a new booking where the co-op has stopped working since somebody asked."""
    if not ZipCode.objects.served().filter(code=code).exists():
        raise Refusal(gettext("We do not come to %(zip)s any more.") % {"zip": code})
