"""The door: open for bookings as a deliberate act, and close again with words for clients."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.catalog.door.door_forms import CloseForm
from bookings.catalog.door.door_signs import DoorSign
from coop.readiness.needs import lacking
from coop.web.http import Request, form_succeeded, require_perm


@require_http_methods(["GET", "HEAD", "POST"])
def hang_sign(request: Request) -> HttpResponse:
    """For coordinators and the board; with everything that hung there before."""
    require_perm(request, "bookings.hang_doorsign")
    if "open" in request.POST:
        DoorSign.hang(is_open=True, at=timezone.now(), by=request.user)
        messages.success(request, _("Open. Clients can book."))
        return redirect("hang_sign")
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form_succeeded(form, lambda: _close(request, form.cleaned_data)):
        messages.success(request, _("Closed. Clients read your words, and what they had booked goes on."))
        return redirect("hang_sign")
    signs = DoorSign.objects.select_related("hung_by").order_by("-pk")[:20]
    context = {"form": form, "sign": DoorSign.latest(), "signs": signs, "lacking": lacking(to_open=True)}
    return render(request, "bookings/catalog/door.html", context)


def _close(request: Request, words: dict[str, Any]) -> None:
    DoorSign.hang(is_open=False, **words, at=timezone.now(), by=request.user)
