"""The page on which everybody reads who looked at what is kept about them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coop.web.http import Request
from members.looks.told import done_to, looked_at
from members.policies import LOOK_DAYS

MOST = 100
"""How many lines each of the two lists has."""


@require_safe
def who_looked(request: Request) -> HttpResponse:
    """Who looked, and what others did to one's record."""
    about = {
        "looked": looked_at(request.user, most=MOST),
        "done": done_to(request.user, most=MOST),
        "days": LOOK_DAYS.on(timezone.localdate()),
    }
    return render(request, "members/looks/who_looked.html", about)
