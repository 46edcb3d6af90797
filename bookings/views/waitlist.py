"""Waiting for a day that is full, for whoever has the draft's address."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.models import Quote, WaitlistEntry
from bookings.policies import WAITLIST_MINUTES
from bookings.views.booking import client_of, of_a_draft, time_page
from coop.http import carried_out


@require_POST
@of_a_draft
def join_waitlist(request: HttpRequest, draft: Quote) -> HttpResponse:
    """Wait for a full day; when a time opens, it is kept for half an hour and we write."""
    page, known = time_page(request, draft), client_of(request, draft)
    form = page["waitlist_form"]

    def join() -> None:
        wish = form.cleaned_data
        WaitlistEntry.join(draft, wish["day"], name=wish["name"], email=wish["email"], at=timezone.now(), client=known)

    if not carried_out(form, join):
        return render(request, "bookings/client/time.html", page)
    minutes = WAITLIST_MINUTES.on(timezone.localdate())
    day = date_format(form.cleaned_data["day"], "DAY_FORMAT")
    said = _("You are on the list for %(day)s. When a time opens we write to you, and keep it for %(minutes)s minutes.")
    messages.success(request, said % {"day": day, "minutes": minutes})
    return redirect("choose_time", draft.token)


@login_not_required
@require_POST
def leave_waitlist(request: HttpRequest, token: UUID) -> HttpResponse:
    """Stop waiting for a day; who has the address of the entry may."""
    entry = get_object_or_404(WaitlistEntry.objects.standing().select_related("quote"), token=token)
    entry.leave(at=timezone.now(), by=request.user if request.user.is_authenticated else None)
    messages.success(request, _("You are not waiting for that day any more."))
    return redirect("choose_time", entry.quote.token)
