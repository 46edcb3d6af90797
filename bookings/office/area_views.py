"""Where the co-op works, and its changes, after a look at what they touch."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.catalog.area_changes import AreaChange
from bookings.form_fields import posted
from bookings.households.area_requests import AreaRequest
from bookings.households.clients import Home
from bookings.office.area_forms import AreasForm, seen
from bookings.series.series import Series
from bookings.visits.visits import Visit
from coop.models import ZipCode
from coop.web.http import Request, form_succeeded, require_perm
from members.models import Member

CHANGES = 20
"""How many of the last changes the page shows."""


@dataclass(frozen=True)
class Touched:
    """How much lies in some areas; of people who asked us to come, the addresses."""

    homes: int
    members: int
    series: int
    visits: int
    asked: int

    @classmethod
    def within(cls, codes: list[str], *, at: datetime) -> "Touched":
        """As of now. Five queries."""
        return cls(
            homes=Home.objects.filter(zip__in=codes, removed_at=None).count(),
            members=Member.objects.here(timezone.localdate(at)).filter(zip__in=codes).count(),
            series=Series.objects.going().filter(booking__home__zip__in=codes).count(),
            visits=Visit.objects.coming(at).filter(booking__home__zip__in=codes).count(),
            asked=AreaRequest.objects.filter(zip__in=codes).values("email").distinct().count(),
        )


@require_safe
def areas(request: Request) -> HttpResponse:
    """For all members: the areas by county, and who changed them last."""
    require_perm(request, "bookings.work")
    served = ZipCode.objects.served().order_by("state", "county", "code")
    by_county = [(*place, list(found)) for place, found in groupby(served, lambda area: (area.county, area.state))]
    changes = AreaChange.objects.select_related("made_by", "taken_back").order_by("-pk")[:CHANGES]
    return render(request, "bookings/office/areas.html", {"by_county": by_county, "changes": changes})


@require_http_methods(["GET", "HEAD", "POST"])
def change_areas(request: Request) -> HttpResponse:
    """Add areas or take some away: the first press shows what it touches, the second one does it."""
    require_perm(request, "bookings.coordinate")
    now = timezone.now()
    form = AreasForm(posted(request), initial=request.GET.dict())
    chosen = form.chosen if form.is_valid() else {"add": [], "remove": []}
    looked_at = request.POST.get("seen", "")
    add, remove = chosen["add"], chosen["remove"]
    if looked_at == seen(chosen) and form_succeeded(
        form,
        lambda: AreaChange.make(add=add, remove=remove, reason=form.cleaned_data["reason"], at=now, by=request.user),
    ):
        messages.success(request, _("Done. It counts for new bookings from now on; what was agreed stays."))
        return redirect("areas")
    codes = add or remove
    context = {
        "form": form,
        "chosen": chosen,
        "codes": codes,
        "touched": Touched.within(codes, at=now) if form.is_bound and form.is_valid() else None,
        "seen": seen(chosen),
        "changed_meanwhile": looked_at and looked_at != seen(chosen),
    }
    return render(request, "bookings/office/change_areas.html", context)


@require_POST
def take_back_areas(request: Request, change_id: int) -> HttpResponse:
    """A change of areas is undone, by another one."""
    require_perm(request, "bookings.coordinate")
    get_object_or_404(AreaChange, pk=change_id).take_back(at=timezone.now(), by=request.user)
    messages.success(request, _("Taken back. We come where we came before."))
    return redirect("areas")
