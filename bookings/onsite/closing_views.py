"""A visit whose end nobody tapped: its worker or the office says from when until when, or that nobody was there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.onsite.visit_forms import TimesForm
from bookings.turns.reason_forms import NoteForm
from bookings.visits.shifts.shifts import Shift
from coop.web.http import Request, form_succeeded, get_for


@require_http_methods(["GET", "HEAD", "POST"])
def write_times(request: Request, shift_id: int) -> HttpResponse:
    """From when until when somebody was there; the planned times, and with them the pay, stay."""
    shift = get_for(request, "write_times", Shift.objects.visible_to(request.user).with_related(), pk=shift_id)
    own = shift.member is not None and shift.member.user == request.user
    form = TimesForm.about(shift, request.POST if request.method == "POST" else None, own=own)
    if form_succeeded(form, lambda: form.write(shift, at=timezone.now(), by=request.user)):
        messages.success(request, _("Written down. What was tapped stays beside it."))
        return redirect("today" if own else "unfilled_shifts")
    return render(request, "bookings/onsite/write_times.html", {"form": form, "shift": shift, "own": own})


@require_http_methods(["GET", "HEAD", "POST"])
def not_there(request: Request, shift_id: int) -> HttpResponse:
    """Whoever was to be there was not: the visit is missed, or their part of it."""
    shift = get_for(request, "not_there", Shift.objects.visible_to(request.user).with_related(), pk=shift_id)
    form = NoteForm(request.POST if request.method == "POST" else None)
    now = timezone.now()
    if form_succeeded(form, lambda: shift.was_not_there(at=now, by=request.user, note=form.cleaned_data["note"])):
        messages.success(request, _("Written down. Whoever it concerns is told."))
        return redirect("unfilled_shifts")
    return render(request, "bookings/onsite/not_there.html", {"form": form, "shift": shift})
