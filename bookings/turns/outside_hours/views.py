"""What becomes of accepted shifts when a member changes when, where, or to which homes they go."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from bookings.turns.given_back import GivenBack
from bookings.turns.outside_hours.forms import OutsideForm
from bookings.turns.outside_hours.outside_hours import outside_hours as shifts_outside
from bookings.visits.shifts.shifts import Shift
from coop.web.http import Request, form_succeeded, require_perm


@require_http_methods(["GET", "HEAD", "POST"])
def outside_hours(request: Request) -> HttpResponse:
    """Accepted shifts that no longer fit: all are kept but those that are ticked."""
    require_perm(request, "bookings.work")
    now, member = timezone.now(), request.user.membership
    assert member is not None
    shifts = shifts_outside(member, at=now)
    form = OutsideForm(request.POST if request.method == "POST" else None, shifts=shifts)
    if request.method == "POST" and form_succeeded(form, lambda: _give_back(request, form, shifts)):
        count = len(form.cleaned_data["shifts"])
        given = ngettext("%d shift goes on to the next turn.", "%d shifts go on to the next turn.", count) % count
        messages.success(request, given if count else _("All of them stay yours."))
        return redirect("today")
    return render(request, "bookings/turns/outside.html", {"form": form, "shifts": shifts})


def _give_back(request: Request, form: OutsideForm, shifts: list[Shift]) -> None:
    said = form.cleaned_data
    for shift in shifts:
        if shift.pk in said["shifts"]:
            facts = {"why": said["why"], "words": said["words"], "series": False}
            GivenBack.say(shift, **facts, at=timezone.now(), by=request.user)
