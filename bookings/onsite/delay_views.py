"""I'm running late."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.form_fields import posted
from bookings.onsite.delays import Delay
from bookings.onsite.visit_forms import DelayForm
from bookings.visits.shifts.shifts import Shift
from coop.web.http import Request, form_succeeded, get_for


@require_http_methods(["GET", "HEAD", "POST"])
def run_late(request: Request, shift_id: int) -> HttpResponse:
    """Say how late one comes; the client hears so at once."""
    shift = get_for(request, "run_late", Shift.objects.visible_to(request.user).with_related(), pk=shift_id)
    form = DelayForm(posted(request))
    now = timezone.now()
    if form_succeeded(form, lambda: Delay.say(shift, **form.cleaned_data, at=now, by=request.user)):
        messages.success(request, _("Thank you for saying so. The client is told."))
        return redirect("today")
    return render(request, "bookings/onsite/run_late.html", {"shift": shift, "form": form})
