"""What whoever coordinates sees: the shifts that nobody has, and what can be done about them."""

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.onsite.delays import Delay
from bookings.states import OfferState
from bookings.turns.given_back import GivenBack
from bookings.turns.offers.offers import Offer
from bookings.turns.reason_forms import NoteForm, WindUpForm
from bookings.visits.shifts.querysets import ShiftQuerySet
from bookings.visits.shifts.shifts import Shift
from bookings.visits.shifts.vacancies import is_near
from bookings.visits.visits import Visit
from coop.web.http import Request, form_succeeded, get_for, require_perm


@require_safe
def unfilled_shifts(request: Request) -> HttpResponse:
    """What has not begun or ended though it should have; then what nobody has accepted yet, soonest first.

    Between them stands what somebody said yes to whose certificate ends before its day.
    """
    require_perm(request, "bookings.coordinate")
    now = timezone.now()
    context = {
        "overdue": _with_answers(Shift.objects.overdue(now).exclude(pk__in=Shift.objects.forgotten(now).values("pk"))),
        "unclosed": Shift.objects.forgotten(now).filter(member__isnull=False).with_related(),
        "at_risk": Shift.objects.without_credential(now).with_related(),
        "broken_off": Visit.objects.broken_off().with_related(),
        "unfilled": _with_answers(Shift.objects.unfilled(now).filter(starts_at__gt=now)),
    }
    return render(request, "bookings/office/unfilled.html", context)


@require_POST
def ask_again(request: Request, shift_id: int) -> HttpResponse:
    """Put an open shift to whoever's turn it is now."""
    shift = get_for(request, "ask_again", Shift.objects.visible_to(request.user).with_related(), pk=shift_id)
    offer = shift.ask_again(at=timezone.now(), by=request.user)
    if offer:
        messages.success(request, _("%(name)s is asked now.") % {"name": offer.member.short_name})
    elif is_near(shift.starts_at, at=timezone.now()):
        messages.success(request, _("Everybody who is free is asked now. Whoever takes it has it."))
    else:
        messages.info(request, _("Nobody else can be asked. It stays on the open board."))
    return redirect("unfilled_shifts")


@require_http_methods(["GET", "HEAD", "POST"])
def relieve_shift(request: Request, shift_id: int) -> HttpResponse:
    """Somebody says that they cannot come: this one shift goes on to others at once."""
    shift = get_for(request, "relieve", Shift.objects.visible_to(request.user).with_related(), pk=shift_id)
    if request.method == "POST":
        shift.relieve(at=timezone.now(), by=request.user)
        messages.success(request, _("Written down. Whoever had it and the client are told, and others are asked."))
        return redirect("unfilled_shifts")
    return render(request, "bookings/office/relieve.html", {"shift": shift})


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_visit(request: Request, visit_id: int) -> HttpResponse:
    """Cancel a visit that cannot take place."""
    visit = get_for(request, "cancel", Visit.objects.visible_to(request.user).with_related(), pk=visit_id)
    form = NoteForm(request.POST or None)
    if form_succeeded(form, lambda: visit.call_off(at=timezone.now(), by=request.user, note=form.cleaned_data["note"])):
        messages.success(request, _("The visit is cancelled. The client is told."))
        return redirect("unfilled_shifts")
    return render(request, "bookings/office/cancel.html", {"form": form, "visit": visit})


@require_http_methods(["GET", "HEAD", "POST"])
def miss_visit(request: Request, visit_id: int) -> HttpResponse:
    """Write down that nobody of ours came; the client pays nothing."""
    visit = get_for(request, "miss", Visit.objects.visible_to(request.user).with_related(), pk=visit_id)
    form = NoteForm(request.POST or None)
    if form_succeeded(form, lambda: visit.miss(at=timezone.now(), by=request.user, note=form.cleaned_data["note"])):
        messages.success(request, _("Written down as missed. The client pays nothing."))
        return redirect("unfilled_shifts")
    return render(request, "bookings/office/miss.html", {"form": form, "visit": visit})


def _with_answers(shifts: ShiftQuerySet) -> ShiftQuerySet:
    """Each with the number of those who did not take it, who is asked now (`asked`), who is `late` by how much, and who
    gave it back and why (`lately_given_back`).
    """
    said_no = Count("offers", filter=Q(offers__state__in=[OfferState.PASSED, OfferState.EXPIRED]))
    asked = Prefetch("offers", Offer.objects.waiting().select_related("member__user"), to_attr="asked")
    late = Prefetch("delays", Delay.objects.standing(), to_attr="late")
    given_back = Prefetch(
        "given_back", GivenBack.objects.select_related("member__user").order_by("at"), to_attr="lately_given_back"
    )
    return shifts.with_related().annotate(said_no=said_no).prefetch_related(asked, late, given_back)


@require_http_methods(["GET", "HEAD", "POST"])
def wind_up_visit(request: Request, visit_id: int) -> HttpResponse:
    """Say how a visit goes on that was broken off: it counts as done, or it is over and costs so much, or nothing."""
    visit = get_for(request, "wind_up", Visit.objects.visible_to(request.user).with_related(), pk=visit_id)
    form = WindUpForm(request.POST if request.method == "POST" else None, visit=visit)
    if form_succeeded(form, lambda: form.wind_up(at=timezone.now(), by=request.user)):
        messages.success(request, _("Settled. The client is told."))
        return redirect("unfilled_shifts")
    return render(request, "bookings/office/wind_up.html", {"form": form, "visit": visit})
