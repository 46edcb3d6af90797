"""Where the co-op works, and its changes, after a look at what they touch."""

from datetime import timedelta
from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.catalog.area_changes import AreaChange
from bookings.form_fields import posted
from bookings.office.area_forms import AreasForm, seen
from bookings.office.area_touched import Touched
from coop.models import ZipCode
from coop.web.http import Request, form_succeeded, require_perm

A_DAY = timedelta(days=1)
CHANGES = 20
"""How many of the last changes the page shows."""


@require_safe
def areas(request: Request) -> HttpResponse:
    """For all members: today's areas by county, what comes, and who changed them last."""
    require_perm(request, "bookings.work")
    today = timezone.localdate()
    served = ZipCode.objects.served(today).order_by("state", "county", "code")
    by_county = [(*place, list(found)) for place, found in groupby(served, lambda area: (area.county, area.state))]
    context = {
        "by_county": by_county,
        "coming": AreaChange.objects.coming(today).select_related("set_by"),
        "changes": AreaChange.objects.history()[:CHANGES],
        "today": today,
    }
    return render(request, "bookings/office/areas.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_areas(request: Request) -> HttpResponse:
    """Add areas or take some away from a day on: the first press shows what it touches, the second one does it."""
    require_perm(request, "bookings.coordinate")
    now, tomorrow = timezone.now(), timezone.localdate() + A_DAY
    form = AreasForm(posted(request), initial={"from_day": tomorrow} | request.GET.dict())
    understood = form.is_valid()
    chosen = form.chosen if understood else {"add": [], "remove": []}
    told, looked_at = form.cleaned_data if understood else {}, request.POST.get("seen", "")
    codes, from_day = chosen["add"] or chosen["remove"], told.get("from_day")
    if looked_at == seen(chosen, from_day) and form_succeeded(
        form,
        lambda: AreaChange.make(**chosen, reason=told["reason"], from_day=told["from_day"], at=now, by=request.user),
    ):
        messages.success(request, _("Done. It counts for new bookings of that day and later; what was agreed stays."))
        return redirect("areas")
    context = {
        "form": form,
        "chosen": chosen,
        "codes": codes,
        "from_day": from_day,
        "touched": Touched.within(codes, from_day=from_day, at=now) if from_day else None,
        "seen": seen(chosen, from_day),
        "changed_meanwhile": looked_at and looked_at != seen(chosen, from_day),
    }
    return render(request, "bookings/office/change_areas.html", context)


@require_POST
def take_back_areas(request: Request, change_id: int) -> HttpResponse:
    """A change of areas will not be after all, while its day has not begun."""
    require_perm(request, "bookings.coordinate")
    row = get_object_or_404(AreaChange.objects.filter(takes_back=None), pk=change_id)
    row.take_back(at=timezone.now(), by=request.user)
    messages.success(request, _("Taken back. We come where we came before."))
    return redirect("areas")
