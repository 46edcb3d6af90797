"""Two members swap a shift: one asks, the other says yes or no."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookings.turns.swaps.forms import SwapForm
from bookings.turns.swaps.swaps import Swap, SwapQuerySet
from bookings.visits.shifts.shifts import Shift
from coop.web.http import Request, form_succeeded, get_for


@require_http_methods(["GET", "HEAD", "POST"])
def swap_shift(request: Request, shift_id: int) -> HttpResponse:
    """Choose a colleague, then what they would give in return."""
    shift = get_for(request, "swap", Shift.objects.visible_to(request.user).with_related(), pk=shift_id)
    now = timezone.now()
    form = SwapForm(request.POST if request.method == "POST" else request.GET or None, shift=shift, at=now)
    if request.method == "POST" and form_succeeded(form, lambda: form.ask(at=now, by=request.user)):
        name = form.cleaned_data["other"].short_name
        messages.success(request, _("%(name)s is asked. The shift stays yours until they say yes.") % {"name": name})
        return redirect("offers")
    return render(request, "bookings/turns/swap_shift.html", {"form": form, "shift": shift})


@require_POST
def agree_swap(request: Request, swap_id: int) -> HttpResponse:
    """Yes: it is carried out at once."""
    swap = get_for(request, "agree", _theirs(request), pk=swap_id)
    swap.agree(at=timezone.now(), by=request.user)
    messages.success(request, _("It is done. You find it under Today."))
    return redirect("offers")


@require_POST
def decline_swap(request: Request, swap_id: int) -> HttpResponse:
    """No, and nobody asks why."""
    swap = get_for(request, "decline", _theirs(request), pk=swap_id)
    swap.decline(at=timezone.now(), by=request.user)
    messages.success(request, _("That is fine. We tell them that you cannot."))
    return redirect("offers")


@require_POST
def withdraw_swap(request: Request, swap_id: int) -> HttpResponse:
    """The question is taken back."""
    swap = get_for(request, "withdraw", _theirs(request), pk=swap_id)
    swap.withdraw(at=timezone.now(), by=request.user)
    messages.success(request, _("You do not ask any more. The shift stays yours."))
    return redirect("offers")


def _theirs(request: Request) -> SwapQuerySet:
    rows = Swap.objects.visible_to(request.user)
    return rows.select_related("asker__user", "other__user", "shift__zip", "back__zip")
