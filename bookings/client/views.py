"""What a client has with us: bookings, visits, and who should not come again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.aftercare import views
from bookings.aftercare.do_not_send_forms import DoNotSendForm
from bookings.aftercare.people_views import about_people, about_visit, explain_the_law, kept_away_words
from bookings.client.change_preview import about_changes
from bookings.client.money_steps import money_step
from bookings.households.clients import Client
from bookings.households.do_not_send import DoNotSend
from bookings.onsite.delays import Delay
from bookings.onsite.photos import Photo
from bookings.series.upcoming import next_of_each
from bookings.visits.bookings import Booking
from bookings.visits.browsers import of_a_booking, of_a_visit
from bookings.visits.ics import calendar
from bookings.visits.visits import Visit, VisitQuerySet
from coop.web.http import Request, get_for, require_perm

PAST_A_PAGE = 20


@require_safe
@of_a_booking
def booking(request: HttpRequest, found: Booking) -> HttpResponse:
    """A booking, for whom it belongs to: what was agreed, what is next, and how to cancel."""
    visits = _visits_of(found)
    visit = visits.coming(timezone.now()).first() or visits.latest("starts_at")
    fee = visit.cancellation(timezone.now())
    return render(
        request,
        "bookings/client/booking.html",
        {
            "booking": found,
            "visit": visit,
            "zone": found.home.zip.zone,
            "parts": visit.parts(),
            "mine": found.client.includes(request.user),
            "money_step": money_step(visit),
            "fee": fee,
        },
    )


@require_safe
@of_a_booking
def booking_calendar(request: HttpRequest, found: Booking) -> HttpResponse:
    """The visits of a booking as a calendar file."""
    visits = _visits_of(found).order_by("starts_at")
    response = HttpResponse(calendar(visits, at=timezone.now()), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return response


@require_POST
@of_a_booking
def cancel_booking(request: HttpRequest, found: Booking) -> HttpResponse:
    """Cancel while it is free; for a fee one signs in."""
    by = request.user if request.user.is_authenticated else found.client.user
    found.cancel_free(at=timezone.now(), by=by)
    messages.success(request, _("Your visit is cancelled. You owe nothing for it."))
    return redirect(found)


@require_safe
def my_bookings(request: Request) -> HttpResponse:
    """A client's visits, coming and past, and the people who came."""
    now = timezone.now()
    visits = Visit.objects.at_homes_of(request.user).with_related()
    past = Paginator(visits.past(now), PAST_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "bookings/client/my_bookings.html",
        {
            "coming": next_of_each(visits.coming(now)),
            "past": past,
            "claimed": Client.objects.claiming(request.user).exists(),
            **about_people(request),
        },
    )


@require_safe
@of_a_visit
def visit(request: Request, visit_id: int) -> HttpResponse:
    """One visit, for the client, whoever does it, and who coordinates."""
    found = get_object_or_404(Visit.objects.visible_to(request.user).with_related(), pk=visit_id)
    return _show(request, found, DoNotSendForm(visit=found))


@require_POST
def place_do_not_send(request: Request, visit_id: int) -> HttpResponse:
    """The client does not want this person at their homes again."""
    found = get_object_or_404(Visit.objects.visible_to(request.user).with_related(), pk=visit_id)
    require_perm(request, "bookings.place_donotsend", found)
    form = DoNotSendForm(request.POST, visit=found)
    if form.is_about_who_they_are:
        return explain_the_law(request)
    if not form.is_valid():
        return _show(request, found, form)
    placed = form.place(at=timezone.now(), by=request.user)
    messages.success(request, kept_away_words(placed.member))
    return redirect(found)


@require_POST
def lift_do_not_send(request: Request, do_not_send_id: int) -> HttpResponse:
    """The client changes their mind."""
    standing = DoNotSend.objects.standing().asked_by(request.user).select_related("member__user", "client")
    found = get_for(request, "lift", standing, pk=do_not_send_id)
    found.lift(at=timezone.now())
    messages.success(request, _("%(name)s may be sent to you again.") % {"name": found.member.short_name})
    return redirect("my_bookings")


def _visits_of(found: Booking) -> VisitQuerySet:
    """The visits of a booking; of one that only claims its address nobody looks at who comes."""
    visits = Visit.objects.with_related().filter(booking=found)
    return visits.prefetch_related(None).prefetch_related("booking__extras") if found.claim_key else visits


def _show(request: Request, found: Visit, form: DoNotSendForm) -> HttpResponse:
    standing = DoNotSend.objects.standing().asked_by(request.user).filter(client=found.booking.home.client_id)
    mine = request.user.has_perm("bookings.place_donotsend", found)
    return render(
        request,
        "bookings/client/visit.html",
        {
            "visit": found,
            "booking": found.booking,
            "zone": found.booking.home.zip.zone,
            "parts": found.fee_shares(found.fee_cents).parts if found.fee_cents else found.parts(),
            "form": form,
            "kept_away": standing.filter(member__in=found.people()).select_related("member__user"),
            "mine": mine,
            "money_step": money_step(found),
            "photos": Photo.objects.of_visit(found.pk),
            "delays": Delay.objects.standing().filter(shift__visit=found),
            **(about_changes(found, at=timezone.now()) if mine else {}),
            **({**about_visit(request, found), **views.about_visit(found)} if mine else {}),
        },
    )
