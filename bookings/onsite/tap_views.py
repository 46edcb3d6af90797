"""The taps at the door: sent by a phone, now or when there is network again; and what the office looks at."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.onsite.incidents.incidents import Incident
from bookings.onsite.incidents.views import whom_to_call
from bookings.onsite.tap_forms import TapForm
from bookings.onsite.taps import Tap
from bookings.visits.worker_schedule import days_of
from coop.web.http import Request, require_perm, with_place

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
def taps(request: Request) -> HttpResponse:
    """Reading: whose taps this browser may send now, and with which token. Sending: one tap, kept once."""
    require_perm(request, "bookings.work")
    if request.method != "POST":
        return JsonResponse({"user": request.user.pk, "token": get_token(request)})
    assert request.user.membership is not None
    form = TapForm(request.POST, member=request.user.membership)
    if not form.is_valid():
        return JsonResponse({"refusal": _("This start or finish cannot be read.")}, status=422)
    tap = form.deliver(at=timezone.now(), by=request.user)
    done = tap.kind == Tap.Kind.FINISH and not tap.refusal
    onward = reverse("finish_shift", args=[tap.shift_id]) if done else reverse("today")
    return JsonResponse({"refusal": tap.refusal, "onward": onward})


@require_safe
def saved_day(request: Request) -> HttpResponse:
    """Today and tomorrow as a phone keeps them to read without network: never how to get in."""
    require_perm(request, "bookings.work")
    assert request.user.membership is not None
    now, member = timezone.now(), request.user.membership
    days = days_of(member, at=now)
    zone = member.zip.zone
    today = [*days.unclosed, *([days.now] if days.now else []), *days.today]
    about = {"at": now, "zone": zone, "day": now.astimezone(ZoneInfo(zone)), "today": today, "tomorrow": days.tomorrow}
    about |= {"whom": whom_to_call(), "kinds": Incident.Kind.choices}
    return with_place(render(request, "bookings/onsite/saved_day.html", about))


@require_safe
def odd_taps(request: Request) -> HttpResponse:
    """Starts and finishes that somebody of the office should look at, latest first."""
    require_perm(request, "bookings.coordinate")
    return render(request, "bookings/onsite/odd_taps.html", {"taps": Tap.objects.unseen().with_related()[:SHOWN]})


@require_POST
def look_at_tap(request: Request, tap_id: int) -> HttpResponse:
    """It was looked at."""
    require_perm(request, "bookings.coordinate")
    get_object_or_404(Tap, pk=tap_id).look_at(at=timezone.now(), by=request.user)
    messages.success(request, _("Looked at."))
    return redirect("odd_taps")
