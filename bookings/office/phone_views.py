"""The office on the phone: a household's page, a new household, a booking without a card, and whom to call."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.households.clients import Client
from bookings.office.phone_forms import NewClientForm
from bookings.office.readable_messages import readable_by
from bookings.turns.reason_forms import PaysForm
from bookings.visits.bookings import Booking
from bookings.visits.visits import Visit
from coop.web.http import Request, form_succeeded, require_perm
from members.looks.looks import Look

MOST_LISTED = 30


@require_safe
def client(request: Request, client_id: int) -> HttpResponse:
    """A household as the office sees it: how to reach it, its homes and its visits; no notes and no wishes."""
    require_perm(request, "bookings.coordinate")
    found = get_object_or_404(Client.objects.select_related("user"), pk=client_id)
    now = timezone.now()
    if request.method == "GET" and not found.is_about(request.user):
        Look.write(Look.Page.HOUSEHOLD, about=found.user, by=request.user, at=now)
    visits = Visit.objects.filter(booking__home__client=found).with_related()
    context = {
        "client": found,
        "people": found.people.joined().select_related("user").order_by("pk"),
        "homes": found.homes.filter(removed_at=None).select_related("zip").order_by("pk"),
        "coming": visits.coming(now)[:MOST_LISTED],
        "past": visits.past(now)[:MOST_LISTED],
        "unpaid": Booking.objects.filter(home__client=found, state=Booking.State.REQUESTED).with_related(),
    }
    return render(request, "bookings/office/client.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_client(request: Request) -> HttpResponse:
    """Somebody calls for the first time."""
    require_perm(request, "bookings.coordinate")
    form = NewClientForm(request.POST if request.method == "POST" else None)
    made: list[Client] = []
    if form_succeeded(form, lambda: made.append(form.add(at=timezone.now(), by=request.user))):
        messages.success(request, _("Written down. Now book for them."))
        return redirect("client", made[0].pk)
    return render(request, "bookings/office/add_client.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_booking(request: Request, token: UUID) -> HttpResponse:
    """A booking stands without a card: the household pays by check or in cash, and the office says how."""
    require_perm(request, "bookings.coordinate")
    booking = get_object_or_404(Booking.objects.with_related(), token=token)
    require_perm(request, "bookings.confirm_booking", booking)
    form = PaysForm(request.POST if request.method == "POST" else None)
    now = timezone.now()
    if form_succeeded(
        form, lambda: booking.confirm_without_card(at=now, by=request.user, note=form.cleaned_data["note"])
    ):
        messages.success(request, _("The visit stands. It is to be paid by check or in cash."))
        return redirect("client", booking.home.client_id)
    context = {"form": form, "booking": booking, "visit": booking.first_visit()}
    return render(request, "bookings/office/confirm_booking.html", context)


@require_safe
def calls(request: Request) -> HttpResponse:
    """What we would write to people who have no e-mail address, and what did not arrive."""
    require_perm(request, "bookings.coordinate")
    readable = readable_by(request.user)
    notices = readable.to_call(timezone.now()).select_related("user__client").order_by("due_at", "pk")
    failed = readable.failed().select_related("user").order_by("-due_at", "-pk")
    context = {"notices": notices[:MOST_LISTED], "failed": failed[:MOST_LISTED]}
    return render(request, "bookings/office/calls.html", context)


@require_POST
def called(request: Request, notice_id: int) -> HttpResponse:
    """Somebody was told by phone."""
    require_perm(request, "bookings.coordinate")
    notice = get_object_or_404(readable_by(request.user).to_call(timezone.now()), pk=notice_id)
    notice.call(at=timezone.now(), by=request.user)
    messages.success(request, _("Thank you for calling."))
    return redirect("calls")


@require_POST
def retry_notice(request: Request, notice_id: int) -> HttpResponse:
    """Send once more what did not arrive."""
    require_perm(request, "bookings.coordinate")
    get_object_or_404(readable_by(request.user).failed(), pk=notice_id).try_again(at=timezone.now())
    messages.success(request, _("It is sent once more."))
    return redirect("calls")
