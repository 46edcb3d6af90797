"""Turns that a coordinator decides otherwise, and the list of them for all members."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.turns.explanations import overruled
from bookings.turns.overrides.forms import GiveForm, YesForm
from bookings.turns.overrides.overrides import Override
from bookings.visits.shifts.querysets import EXPLAINED_ALL
from bookings.visits.shifts.shifts import Shift
from coop.web.http import Request, form_succeeded, get_for, require_perm

PER_PAGE = 30


@require_safe
def overrides(request: Request) -> HttpResponse:
    """Every turn that a coordinator decided otherwise, newest first, and how often that happens."""
    require_perm(request, "bookings.work")
    page = Paginator(Override.objects.with_related().order_by("-at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": overruled(page), "part": Override.part(timezone.now())}
    context["office"] = bool(request.user.roles & EXPLAINED_ALL)
    return render(request, "bookings/turns/overrides.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def give_shift(request: Request, shift_id: int) -> HttpResponse:
    """Ask somebody else than whoever's turn it is, for a reason that all members read."""
    shift = get_for(request, "give", Shift.objects.visible_to(request.user).with_related(), pk=shift_id)
    now = timezone.now()
    form = GiveForm(request.POST if request.method == "POST" else None, shift=shift, at=now, by=request.user)
    if request.method == "POST" and form_succeeded(form, lambda: form.give(at=now, by=request.user)):
        messages.success(request, _("Asked. All members can read why."))
        return redirect("overrides")
    return render(request, "bookings/turns/give_shift.html", {"form": form, "shift": shift})


@require_http_methods(["GET", "HEAD", "POST"])
def note_yes(request: Request, shift_id: int) -> HttpResponse:
    """Somebody said yes on the phone: write it down, and it is theirs."""
    shift = get_for(request, "give", Shift.objects.visible_to(request.user).with_related(), pk=shift_id)
    form = YesForm(request.POST if request.method == "POST" else None, shift=shift, by=request.user)
    if request.method == "POST" and form_succeeded(form, lambda: form.write_down(at=timezone.now(), by=request.user)):
        name = form.cleaned_data["member"].short_name
        messages.success(request, _("It is with %(name)s now, who is told. All members can read why.") % {"name": name})
        return redirect("unfilled_shifts")
    return render(request, "bookings/turns/note_yes.html", {"form": form, "shift": shift})
