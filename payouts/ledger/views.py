"""The open books."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coop.web.http import Request, require_perm
from payouts.ledger.presenters import balances, months
from payouts.ledger.shortfalls import shortfalls

A_YEAR = timedelta(days=365)


@require_safe
def books(request: Request) -> HttpResponse:
    """What the co-op has and owes, and where each dollar of the last twelve months went."""
    require_perm(request, "payouts.read_books")
    since = (timezone.localdate() - A_YEAR).replace(day=1)
    context = {"balances": balances(), "months": months(since=since), "shortfalls": shortfalls()}
    return render(request, "payouts/ledger/books.html", context)
