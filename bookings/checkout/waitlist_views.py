"""Waiting for a day that is full, for whoever has the draft's address."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.checkout.views import of_a_draft, time_page
from bookings.checkout.waitlist import WaitlistEntry
from bookings.policies import WAITLIST_MINUTES
from bookings.visits.browsers import mark_of, typed_here
from bookings.visits.quotes import Quote
from coop.web.http import form_succeeded
from members.models import User


@require_POST
@of_a_draft
def join_waitlist(request: HttpRequest, draft: Quote) -> HttpResponse:
    """Wait for a full day; when a time opens, it is kept for half an hour and we write."""
    page, by = time_page(request, draft), request.user if isinstance(request.user, User) else None
    form = page["waitlist_form"]

    def join() -> None:
        WaitlistEntry.join(draft, **form.cleaned_data, at=timezone.now(), by=by, browser=mark_of(request))

    if not form_succeeded(form, join):
        return render(request, "bookings/checkout/time.html", page)
    minutes = WAITLIST_MINUTES.on(timezone.localdate())
    day = date_format(form.cleaned_data["day"], "DAY_FORMAT")
    said = _("You are on the list for %(day)s. When a time opens we write to you, and keep it for %(minutes)s minutes.")
    messages.success(request, said % {"day": day, "minutes": minutes})
    return redirect("choose_time", draft.token)


@login_not_required
@require_POST
def leave_waitlist(request: HttpRequest, token: UUID) -> HttpResponse:
    """Stop waiting for a day; whoever put themselves on the list may."""
    entry = get_object_or_404(WaitlistEntry.objects.standing().select_related("quote"), token=token)
    if entry.user_id != request.user.pk and not typed_here(request, entry.quote):
        raise Http404
    entry.leave(at=timezone.now(), by=request.user if request.user.is_authenticated else None)
    messages.success(request, _("You are not waiting for that day any more."))
    return redirect("choose_time", entry.quote.token)
