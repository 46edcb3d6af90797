"""The front page by who is asking, what stands on every page, errors in plain words, and health."""

import sys
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from bookings.catalog.pricing import share_out
from bookings.catalog.wages.floors import Floors
from bookings.models import Booking, DoorSign, Service, Visit
from bookings.policies import FREE_CANCEL_HOURS, shares_on
from coop.contact import ContactFacts, coop_name
from coop.models import Heartbeat
from coop.readiness.needs import lacking_lately
from coop.web.http import AboutOneself, NeedsKey, OnLeave, sent_again
from coop.web.places import places_of, waiting_for
from members.models import Member, User

STALE = timedelta(minutes=5)
OFFICE = frozenset({"coordinator", "treasurer", "board", "safety", "membership"})
ROOMS = {"bedrooms": range(5), "bathrooms": range(1, 4)}


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page needs."""
    frame = {"coop_name": SimpleLazyObject(coop_name), "demo": settings.DEMO, "payments": settings.PAYMENTS}
    return {**frame, "coop_contact": SimpleLazyObject(ContactFacts.known)}


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """The front page, by who is asking: the promise, the next visit, the day's work, or what waits in the office."""
    user = request.user
    if not isinstance(user, User):
        return _promise(request)
    if user.works:
        return _office(request, user) if user.roles & OFFICE else redirect("today")
    return _household(request, user)


def _promise(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    services = list(Service.objects.offered(today))
    example = services[0].quote(on=today, bedrooms=2, bathrooms=1) if services else None
    shares = shares_on(today)
    about = {
        "sign": DoorSign.latest(),
        "services": services,
        "example": example,
        "parts": share_out(example.cents, shares) if example else [],
        "worker_share": shares["worker"],
        "pay_floor": Floors.on([today]).everywhere(today),
        "people": Member.objects.owners().count(),
        "rooms": ROOMS,
    }
    return render(request, "pages/home.html", about)


def _household(request: HttpRequest, user: User) -> HttpResponse:
    """A client's own page: the next visit, and the same again."""
    last = Booking.objects.with_related().of(user).order_by("-pk").first()
    if last is None:
        return _promise(request)
    visits = Visit.objects.with_related().filter(
        booking__in=Booking.objects.of(user), booking__state=Booking.State.CONFIRMED
    )
    return render(request, "pages/household.html", {"next": visits.coming(timezone.now()).first(), "last": last})


def _office(request: HttpRequest, user: User) -> HttpResponse:
    """What waits for those who hold an office."""
    about = {"waiting": waiting_for(user), "places": places_of(user), "lacking": lacking_lately()}
    return render(request, "pages/office.html", about)


@require_safe
@login_not_required
def how_it_works(request: HttpRequest) -> HttpResponse:
    """The co-op in plain words, with the rules in force today."""
    today = timezone.localdate()
    shares = shares_on(today)
    free_until = FREE_CANCEL_HOURS.on(today)
    about = {
        "parts": share_out(100_00, shares),
        "shares": shares.items(),
        "worker_share": shares["worker"],
        "pay_floor": Floors.on([today]).everywhere(today),
        "free_cancel_minutes": free_until * 60,
        "people": Member.objects.owners().count(),
    }
    return render(request, "pages/how_it_works.html", about)


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and every sweep has run to its end within five minutes without trouble; else 503.

    `rows`: how many single rows each sweep passed by: a matter for a person, and no reason to call the site unwell.
    """
    try:
        beats = list(Heartbeat.objects.all())
    except (OperationalError, InterfaceError):
        return JsonResponse({"database": "away"}, status=503)
    due = timezone.now() - STALE
    sweeps = {beat.sweep: "late" if beat.at < due else "trouble" if beat.trouble else "ok" for beat in beats}
    known = {task: sweeps.get(task, "never ran") for task in settings.SWEEPS}
    well = all(word == "ok" for word in known.values())
    rows = {beat.sweep: len(beat.rows) for beat in beats if beat.rows}
    said = {"database": "ok", "payments": "on" if settings.PAYMENTS else "off", "sweeps": known, "rows": rows}
    return JsonResponse(said, status=200 if well else 503)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    large = isinstance(exception, RequestDataTooBig)
    kind, status = ("too_large", 413) if large else ("bad_request", 400)
    return render(request, "pages/error.html", {"kind": kind}, status=status)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    kinds = ((OnLeave, "on_leave"), (NeedsKey, "needs_key"), (AboutOneself, "oneself"))
    kind = next((kind for cause, kind in kinds if isinstance(exception, cause)), "forbidden")
    return render(request, "pages/error.html", {"kind": kind}, status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "pages/error.html", {"kind": "not_found"}, status=404)


@login_not_required
def too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/error.html", {"kind": "too_many"}, status=429)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """The frame of the other pages asks the database, which may be what broke; this page asks nothing.

    Where it is the database that does not answer, nothing is broken: it is a matter of a minute.
    """
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    page = render_to_string(
        "pages/500.html", {"coop_name": ContactFacts.last_called or settings.COOP_NAME, "away": away}
    )
    return HttpResponse(page, status=503, headers={"Retry-After": "60"}) if away else HttpResponse(page, status=500)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The token of a page was old: what was typed on a page of ours stands there again, to be sent by one click."""
    sent = sent_again(request)
    context = {"kind": "csrf", "sent": sent, "seen": [value for _name, value in sent if value.strip()]}
    return render(request, "pages/stale.html" if sent else "pages/error.html", context, status=403)
