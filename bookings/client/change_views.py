"""A client changes a visit: another time, or none. What it costs is said before the click, and asked back with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.checkout.fortnights import fortnight
from bookings.checkout.step_forms import ScreenForm, TimeForm
from bookings.client.change_forms import CancelForm, MoveForm
from bookings.client.change_preview import Elsewhen, Move, about_changes
from bookings.visits.bookings import Booking
from bookings.visits.visits import Visit
from coop.money import dollars
from coop.web.http import Request, form_succeeded, get_for

question = require_http_methods(["GET", "HEAD", "POST"])


@question
@never_cache
def move_own_visit(request: Request, visit_id: int) -> HttpResponse:
    """Other times; with one in the address, what it means to move there; on POST the visit is moved."""
    now = timezone.now()
    visit = get_for(request, "move_own", Visit.objects.visible_to(request.user).with_related(), pk=visit_id)
    if request.method == "POST":
        form = MoveForm(request.POST)
        if form.move(visit, at=now, by=request.user):
            messages.success(request, _("Your visit is moved. A mail is on its way to you."))
            return redirect(visit)
        return _times(request, visit, {"form": form, "nearest": form.nearest})
    visit.check_move(now)
    wanted = TimeForm(request.GET).moment
    if wanted and wanted in visit.openings(first=wanted.astimezone(visit.zone).date(), days=1, at=now):
        return render(request, "bookings/client/move.html", _about(visit) | {"move": Move.to(wanted, visit, at=now)})
    return _times(request, visit, {"nearest": visit.nearest(wanted, at=now) if wanted else [], "wanted": wanted})


@question
@never_cache
def cancel_own_visit(request: Request, visit_id: int) -> HttpResponse:
    """What cancelling costs now and who gets it; on POST the visit is cancelled, for just that."""
    now = timezone.now()
    visit = get_for(request, "cancel_own", Visit.objects.visible_to(request.user).with_related(), pk=visit_id)
    if visit.state != Visit.State.SCHEDULED:
        return redirect(visit)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form_succeeded(
        form, lambda: visit.cancel_for_client(expected_cents=form.cleaned_data["cents"], at=now, by=request.user)
    ):
        messages.success(request, _cancelled(visit))
        return redirect(visit)
    visit = Visit.objects.with_related().get(pk=visit.pk)
    fee = visit.cancellation(now)
    parts = visit.fee_shares(fee.cents).parts if fee.cents else []
    context = {"form": form, "fee": fee, "parts": parts, "nobody_yet": not visit.who_loses()}
    context |= _about(visit) | about_changes(visit, at=now)
    return render(request, "bookings/client/cancel_visit.html", context)


def _cancelled(visit: Visit) -> str:
    if not visit.fee_cents:
        return _("Your visit is cancelled. You owe nothing for it.")
    said = _("Your visit is cancelled. %(fee)s is charged to your card.")
    if visit.booking.pays == Booking.Pays.OUTSIDE:
        said = _("Your visit is cancelled. It costs %(fee)s, which you pay by check or in cash.")
    return said % {"fee": dollars(visit.fee_cents)}


def _times(request: Request, visit: Visit, more: dict[str, Any]) -> HttpResponse:
    draft, now = Elsewhen.of(visit), timezone.now()
    days = fortnight(draft, first=ScreenForm(request.GET).day, at=now, client=visit.booking.client)
    context = _about(visit) | {"draft": draft, "fortnight": days, "left": visit.moves_left(now)}
    return render(request, "bookings/client/move_times.html", context | more)


def _about(visit: Visit) -> dict[str, Any]:
    return {"visit": visit, "booking": visit.booking, "zone": visit.booking.home.zip.zone}
