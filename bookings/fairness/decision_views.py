"""Whose turn it was, week by week, for all members."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.fairness.forms import WeekForm
from bookings.fairness.weekly_decisions import A_WEEK, decisions, earliest, latest
from coop.web.http import Request, require_perm


@require_safe
def weekly_decisions(request: Request) -> HttpResponse:
    """Who was asked in a week that is over, as coarsely as it takes that no home can be told."""
    require_perm(request, "bookings.work")
    now = timezone.now()
    first, last = earliest(now), latest(now)
    monday = min(max(WeekForm(request.GET).monday or last, first), last)
    context = {
        "groups": decisions(monday),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - A_WEEK if monday > first else None,
        "after": monday + A_WEEK if monday < last else None,
    }
    return render(request, "bookings/fairness/decisions.html", context)
