"""Something is wrong: reporting it from a visit, and looking after what was reported."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.form_fields import posted
from bookings.onsite.incidents.incidents import LOOK_AFTER, Incident
from bookings.onsite.tap_forms import ReportForm
from bookings.onsite.visit_forms import CloseIncidentForm, IncidentForm
from bookings.visits.shifts.shifts import Shift
from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.models import Role, User

LAST_CLOSED = 30


@require_http_methods(["GET", "HEAD", "POST"])
def report_incident(request: Request, shift_id: int) -> HttpResponse:
    """Say that something is wrong. Who does not feel safe sees at once whom to call, before any form."""
    shift = get_for(request, "report_incident", Shift.objects.visible_to(request.user).with_related(), pk=shift_id)
    form = IncidentForm(posted(request), by=request.user, initial={"kind": request.GET.get("kind")})
    now, made = timezone.now(), list[Incident]()
    if form_succeeded(form, lambda: made.append(Incident.report(shift, **form.cleaned_data, at=now, by=request.user))):
        heard = _("Thank you for saying so. Those who look after it are told now.")
        messages.success(request, heard if made[0].readers(now) else _("Thank you for saying so. It is kept."))
        return redirect(made[0])
    return render(request, "bookings/onsite/report.html", {"shift": shift, "form": form, "whom": whom_to_call()})


@require_POST
def deliver_report(request: Request) -> HttpResponse:
    """A report that waited on a phone, sent now: kept once, whatever became of the visit meanwhile."""
    require_perm(request, "bookings.work")
    assert request.user.membership is not None
    form = ReportForm(request.POST, member=request.user.membership)
    if not form.is_valid():
        return JsonResponse({"refusal": _("This report cannot be read.")}, status=422)
    made = form.deliver(at=timezone.now(), by=request.user)
    return JsonResponse({"refusal": "", "onward": made.get_absolute_url()})


@require_safe
def incidents(request: Request) -> HttpResponse:
    """What was reported: all of it to those who look after it, one's own to everybody else."""
    require_perm(request, "bookings.work")
    visible = Incident.objects.visible_to(request.user).with_related()
    closed = visible.filter(state=Incident.State.CLOSED).order_by("-closed_at", "-pk")[:LAST_CLOSED]
    standing = visible.standing().order_by("reported_at", "pk")
    return render(request, "bookings/onsite/incidents.html", {"standing": standing, "closed": closed})


@require_safe
def incident(request: Request, uuid: UUID) -> HttpResponse:
    """One report, for whoever made it and for those who look after it."""
    found = get_object_or_404(Incident.objects.visible_to(request.user).with_related(), uuid=uuid)
    return _show(request, found, CloseIncidentForm())


@require_POST
def take_in_hand(request: Request, uuid: UUID) -> HttpResponse:
    """I look after this."""
    found = get_for(request, "take_in_hand", Incident.objects.visible_to(request.user), uuid=uuid)
    found.take_in_hand(at=timezone.now(), by=request.user)
    messages.success(request, _("It is in your hands. Whoever reported it sees that."))
    return redirect(found)


@require_POST
def close_incident(request: Request, uuid: UUID) -> HttpResponse:
    """It is done with, and this is what was done."""
    found = get_for(request, "close", Incident.objects.visible_to(request.user).with_related(), uuid=uuid)
    form, now = CloseIncidentForm(request.POST), timezone.now()
    if form_succeeded(form, lambda: found.close(form.cleaned_data["outcome"], at=now, by=request.user)):
        messages.success(request, _("Closed. Whoever reported it is told."))
        return redirect("incidents")
    return _show(request, found, form)


def whom_to_call() -> list[User]:
    """Those who look after such things today and can be reached by phone."""
    holders = Role.objects.holders(timezone.now(), *LOOK_AFTER)
    return [person for person in holders if person.membership and person.membership.phone]


def _show(request: Request, found: Incident, form: CloseIncidentForm) -> HttpResponse:
    mine, now = found.by == request.user, timezone.now()
    readers = found.readers(now)
    context: dict[str, Any] = {"incident": found, "shift": found.shift, "form": form, "mine": mine}
    whom = [one for one in readers if one.membership and one.membership.phone] if mine else []
    context |= {"whom": whom, "readers": readers, "looks_after": mine or request.user in readers}
    return render(request, "bookings/onsite/incident.html", context)
