"""Was it you? What was booked with somebody's address, for whoever shows that the address is theirs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.client.claim_forms import TakeOverForm
from bookings.households.clients import Client
from bookings.visits.bookings import Booking
from bookings.visits.browsers import remember
from bookings.visits.visits import Visit
from coop.web.http import Request
from members.models import User

MOST_VISITS = 5


@require_safe
def claims(request: Request) -> HttpResponse:
    """What was booked with one's address by somebody who was not signed in, or stands under it on the office's list."""
    known = Client.objects.of(request.user).exists()
    rows = [
        {
            "client": client,
            "visits": _visits(client),
            "homes": client.homes.filter(removed_at=None).order_by("pk") if client.imported_at else (),
            "form": TakeOverForm(number=client.pk) if known else None,
        }
        for client in Client.objects.claiming(request.user).select_related("user")
    ]
    return render(request, "bookings/client/claims.html", {"rows": rows})


@require_POST
def take_over_claim(request: Request, client_id: int) -> HttpResponse:
    """It was us."""
    claimed = _claimed(request, client_id)
    kept, household = TakeOverForm(request.POST, number=client_id).kept, claimed.household_for(request.user)
    claimed.take_over(household, keep=kept, at=timezone.now(), by=request.user)
    messages.success(request, _("Thank you. It stands among your visits now."))
    return redirect("my_bookings")


@require_POST
def disown_claim(request: Request, client_id: int) -> HttpResponse:
    """It was not us."""
    _disown(request, _claimed(request, client_id))
    return redirect("claims")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def answer_claim(request: HttpRequest, key: str) -> HttpResponse:
    """Where the link of our mail leads, which only whoever reads the mail has: was it you? Yes or no, by a POST."""
    claimed = Client.objects.by_claim_key(key)
    if claimed is None:
        messages.info(request, _("This was answered already. Sign in to see your visits."))
        return redirect("my_bookings")
    if request.method != "POST":
        return render(request, "bookings/client/claim.html", {"visits": _visits(claimed)})
    if "no" in request.POST:
        _disown(request, claimed)
        return redirect("home")
    if User.objects.filter(email=claimed.user.claimed_email).exists():
        return redirect(reverse("account_login", query={"next": reverse("claims")}))
    claimed.user.prove(at=timezone.now())
    booking = Booking.objects.filter(home__client=claimed).order_by("-pk").first()
    if booking:
        remember(request, booking)
    messages.success(request, _("Thank you. You can sign in with this address from now on."))
    return redirect(booking or "my_bookings")


def _claimed(request: Request, client_id: int) -> Client:
    return get_object_or_404(Client.objects.claiming(request.user).select_related("user"), pk=client_id)


def _disown(request: HttpRequest, claimed: Client) -> None:
    if claimed.disown(at=timezone.now()):
        said = _("Thank you for telling us. It is cancelled, and we write to you no more about it.")
    else:
        said = _("Thank you for telling us. We write to you no more about it, and call whoever booked it so late.")
    messages.success(request, said)


def _visits(client: Client) -> list[Visit]:
    """What was booked, soonest first."""
    found = Visit.objects.with_related().filter(booking__home__client=client)
    return list(found.order_by("starts_at")[:MOST_VISITS])
