"""Asking what the co-op leans on outside whether it works."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from coop.readiness import trials
from coop.web.http import Request, require_perm


@require_POST
def try_out(request: Request, key: str) -> HttpResponse:
    """Ask one of them; what it says stands on the page from where one comes."""
    require_perm(request, "members.try_out")
    trial = trials.find(key)
    if trial is None:
        raise Http404
    trial.run(at=timezone.now(), by=request.user)
    return redirect(f"{reverse('readiness')}#{trial.key}")
