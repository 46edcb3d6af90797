"""The open books."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coop.http import Request
from payouts.pages import balances, months

A_YEAR = timedelta(days=365)


@require_safe
def books(request: Request) -> HttpResponse:
    """What the co-op has and owes, and where each dollar of the last twelve months went."""
    if not request.user.has_perm("payouts.read_books"):
        raise PermissionDenied
    since = (timezone.localdate() - A_YEAR).replace(day=1)
    return render(request, "payouts/books.html", {"balances": balances(), "months": months(since=since)})
