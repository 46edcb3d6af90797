"""The office's week, another time for a visit, and a day that somebody cannot work."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.office.forms import BackForm, ChangeTimeForm, HandOverForm, SearchForm, WeekForm
from bookings.office.office_week import week_of
from bookings.office.search import search
from bookings.turns.day_handovers import HandOver
from bookings.turns.offers.offers import Offer
from bookings.visits.visits import Visit
from coop.web.http import Request, form_succeeded, get_for, require_perm


@require_safe
def week(request: Request) -> HttpResponse:
    """Every shift of a week, by person or by area."""
    require_perm(request, "bookings.coordinate")
    form = WeekForm(request.GET)
    context = {"week": week_of(form.day, by_area=form.by_area), "by_area": form.by_area, "today": timezone.localdate()}
    return render(request, "bookings/office/week.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reschedule_visit(request: Request, visit_id: int) -> HttpResponse:
    """Another time for a visit; with a day in the address, the form begins with that day."""
    visit = get_for(request, "reschedule", Visit.objects.visible_to(request.user).with_related(), pk=visit_id)
    asked = WeekForm(request.GET)
    asked.is_valid()
    form = ChangeTimeForm(
        request.POST if request.method == "POST" else None, visit=visit, day=asked.cleaned_data.get("first")
    )
    if form.change(at=timezone.now(), by=request.user):
        messages.success(request, _("The visit is moved. The client and whoever comes are told."))
        return redirect("week")
    return render(request, "bookings/office/reschedule_visit.html", {"form": form, "visit": visit})


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over_day(request: Request) -> HttpResponse:
    """Say that somebody cannot work on a day; everything they have that day goes on at once."""
    require_perm(request, "bookings.work")
    form = HandOverForm(request.POST if request.method == "POST" else None, by=request.user)
    made: list[HandOver] = []
    if form_succeeded(form, lambda: made.append(form.begin(at=timezone.now(), by=request.user))):
        messages.success(request, _("Written down. Here is who is asked instead."))
        return redirect(made[0])
    return render(request, "bookings/office/hand_over_day.html", {"form": form})


@require_safe
def hand_over(request: Request, hand_over_id: int) -> HttpResponse:
    """What became of each shift of the day."""
    rows = HandOver.objects.visible_to(request.user).select_related("member__user")
    found = get_object_or_404(rows, pk=hand_over_id)
    asked = Prefetch("offers", Offer.objects.waiting().select_related("member__user"), to_attr="asked")
    shifts = found.shifts.with_related().prefetch_related(asked).order_by("starts_at", "pk")
    back = BackForm(initial={"on": max(found.day, timezone.localdate())})
    context = {"found": found, "shifts": shifts, "left": found.still_theirs(), "form": back}
    return render(request, "bookings/office/hand_over.html", context)


@require_POST
def hand_on(request: Request, hand_over_id: int) -> HttpResponse:
    """Try once more with what could not be handed on."""
    rows = HandOver.objects.visible_to(request.user).select_related("member")
    found = get_for(request, "hand_on", rows, pk=hand_over_id)
    found.hand_on(at=timezone.now(), by=request.user)
    return redirect(found)


@require_POST
def come_back(request: Request, hand_over_id: int) -> HttpResponse:
    """They can work again, sooner than said: also the way to undo it."""
    found = get_for(request, "come_back", HandOver.objects.visible_to(request.user), pk=hand_over_id)
    form = BackForm(request.POST)
    if form_succeeded(form, lambda: found.come_back(form.cleaned_data["on"], at=timezone.now(), by=request.user)):
        messages.success(request, _("Written down. What nobody had taken yet is theirs again."))
    else:
        messages.warning(request, _("Choose one of the days that are off."))
    return redirect(found)


@require_safe
def find(request: Request) -> HttpResponse:
    """Search."""
    require_perm(request, "bookings.coordinate")
    form = SearchForm(request.GET)
    context = {"form": form, "wanted": form.wanted, "found": search(form.wanted)}
    return render(request, "bookings/office/search.html", context)
