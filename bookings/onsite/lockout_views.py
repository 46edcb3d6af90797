"""At the door: nobody opens, or somebody of the crew does not come."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookings.onsite.visit_forms import ContactForm
from bookings.turns.reason_forms import NoteForm
from bookings.visits.ending.lockouts import EARLY
from bookings.visits.shifts.shifts import Shift
from bookings.visits.visits import Visit
from coop.money import dollars
from coop.web.http import Request, form_succeeded, get_for


@require_http_methods(["GET", "HEAD", "POST"])
def nobody_opens(request: Request, visit_id: int) -> HttpResponse:
    """What was tried to reach the client, and how long to wait; on POST one more try is written down."""
    visit = get_for(request, "lock_out", Visit.objects.visible_to(request.user).with_related(), pk=visit_id)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if form_succeeded(form, lambda: visit.try_contact(**form.cleaned_data, at=timezone.now(), by=request.user)):
        return redirect("nobody_opens", visit.pk)
    return render(request, "bookings/onsite/nobody_opens.html", _about(visit, form, at=timezone.now()))


def _about(visit: Visit, form: ContactForm, *, at: datetime) -> dict[str, Any]:
    client, door, fee = visit.booking.client, visit.at_the_door(), visit.lock_out_cents(at)
    return {
        "visit": visit,
        "zone": visit.booking.home.zip.zone,
        "client": client,
        "phone": client.phone if at >= visit.starts_at - EARLY else "",
        "attempts": visit.contact_attempts.select_related("by").order_by("at"),
        "door": door,
        "waiting": at < door.until,
        "fee": fee,
        "parts": visit.fee_shares(fee).parts,
        "form": form,
    }


@require_POST
def lock_out(request: Request, visit_id: int) -> HttpResponse:
    """Everything was tried: the visit is lost, the client owes its price, and whoever was there goes home."""
    visit = get_for(request, "lock_out", Visit.objects.visible_to(request.user), pk=visit_id)
    visit.lock_out(at=timezone.now(), by=request.user)
    said = _("Written down. The client owes %(fee)s, and whoever came gets their part of it.")
    messages.success(request, said % {"fee": dollars(visit.fee_cents)})
    return redirect("unfilled_shifts" if "coordinator" in request.user.roles else "today")


@require_http_methods(["GET", "HEAD", "POST"])
def miss_shift(request: Request, shift_id: int) -> HttpResponse:
    """Somebody of the crew did not come: the others can end the visit without them, and share its pay."""
    shift = get_for(request, "miss", Shift.objects.visible_to(request.user).with_related(), pk=shift_id)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form_succeeded(
        form, lambda: shift.write_off(at=timezone.now(), by=request.user, note=form.cleaned_data["note"])
    ):
        messages.success(request, _("Written down. The visit can be ended without them."))
        return redirect("unfilled_shifts" if "coordinator" in request.user.roles else "today")
    return render(request, "bookings/onsite/miss_shift.html", {"form": form, "shift": shift})
