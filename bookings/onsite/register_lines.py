"""What the register of members says of reports, to those whose office they are."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.onsite.incidents.incidents import Incident
from members.register.lines import Line, register

LATELY = timedelta(days=365)


def reports(numbers: Collection[int], at: datetime) -> dict[int, str]:
    """How many reports came from visits of each in a year, and how many are not closed. One query."""
    rows = Incident.objects.filter(shift__member__in=numbers, reported_at__gt=at - LATELY)
    is_open = ~Q(state=Incident.State.CLOSED)
    counts = rows.order_by().values("shift__member").annotate(all=Count("pk"), open=Count("pk", filter=is_open))
    return {row["shift__member"]: _words(row["all"], row["open"]) for row in counts}


def _words(count: int, still_open: int) -> str:
    said = ngettext("%(count)s report in a year", "%(count)s reports in a year", count) % {"count": count}
    return said + ", " + _("not closed: %(count)s") % {"count": still_open} if still_open else said


register("reports", Line(gettext_lazy("From their visits"), reports, perm="bookings.read_reports_of_members"))
