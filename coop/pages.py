"""The front page by who is asking, what stands on every page, errors in plain words, and health."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from coop.models import Heartbeat

STALE = timedelta(minutes=5)


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page needs."""
    return {"coop_name": settings.COOP_NAME, "demo": settings.DEMO}


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    return render(request, "pages/home.html")


@login_not_required
def how_it_works(request: HttpRequest) -> HttpResponse:
    """The co-op in plain words, with the rules in force today."""
    return render(request, "pages/how_it_works.html")


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and every sweep has run to its end within five minutes without trouble; else 503."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    due = timezone.now() - STALE
    sweeps = {
        beat.sweep: "late" if beat.at < due else "trouble" if beat.trouble else "ok" for beat in Heartbeat.objects.all()
    }
    known = {task: sweeps.get(task, "never ran") for task in settings.SWEEPS}
    well = all(word == "ok" for word in known.values())
    return JsonResponse({"database": "ok", "sweeps": known}, status=200 if well else 503)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "pages/error.html", {"kind": "bad_request"}, status=400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "pages/error.html", {"kind": "forbidden"}, status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "pages/error.html", {"kind": "not_found"}, status=404)


@login_not_required
def too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/error.html", {"kind": "too_many"}, status=429)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """The frame of the other pages asks the database, which may be what broke; this page asks nothing."""
    return HttpResponse(render_to_string("pages/500.html", {"coop_name": settings.COOP_NAME}), status=500)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "pages/error.html", {"kind": "csrf"}, status=403)
