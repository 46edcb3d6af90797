"""Saving the card for a booking on a hosted page, and coming back from it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.models import Booking, Client
from bookings.visits.browsers import of_a_booking
from coop.web.http import Request
from members.models import User
from payouts.charges.card_terms import CardTerms, terms
from payouts.charges.cards import Card, CardSession
from payouts.charges.charges import Charge
from payouts.stripe.stripe_away import back_from_stripe, off_to_stripe


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_booking
def save_card(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Say what the card is for; on POST, on to the hosted page, unless we know this person's card already."""
    card = _own_card(request, booking)
    if request.method == "POST" and card and booking.needs_card and "another" not in request.POST:
        CardTerms.write(booking.client, at=timezone.now(), booking=booking)
        booking.card_saved(at=timezone.now(), by=_signed_in(request))
        return redirect(booking)
    if request.method == "POST":
        return off_to_stripe(lambda: CardSession.open_for(booking, at=timezone.now()).url)
    context = {
        "booking": booking,
        "visit": booking.first_visit(),
        "card": card,
        "declined": Charge.objects.failed().filter(visit__booking=booking).exists(),
        "terms": terms(timezone.now()),
    }
    return render(request, "payouts/charges/save_card.html", context)


def _own_card(request: HttpRequest, booking: Booking) -> Card | None:
    """The saved card of the household of the person who asks; a browser that is not signed in sees nobody's card."""
    if not booking.client.includes(request.user):
        return None
    return Card.objects.filter(client=booking.client).exclude(method="").first()


@require_safe
@of_a_booking
def card_saved(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Back from the hosted page, which is not taken at its word: Stripe is asked."""
    back_from_stripe(request, lambda: CardSession.look_for(booking, at=timezone.now(), by=_signed_in(request)))
    booking.refresh_from_db()
    return redirect("save_card" if booking.state == Booking.State.REQUESTED else "booking", booking.token)


@require_safe
def my_card(request: Request) -> HttpResponse:
    """Which card is charged, for each household that one belongs to."""
    households = Client.objects.of(request.user).own_first(request.user).select_related("user")
    cards = {card.client_id: card for card in Card.objects.filter(client__in=households).exclude(method="")}
    read = CardTerms.latest(households)
    rows = [(client, cards.get(client.pk), Card.why_kept(client), read.get(client.pk)) for client in households]
    return render(request, "payouts/charges/my_card.html", {"rows": rows, "terms": terms(timezone.now())})


@require_POST
def replace_card(request: Request, client_id: int) -> HttpResponse:
    """On to the hosted page, to save another card."""
    client = _household(request, client_id)
    return off_to_stripe(lambda: CardSession.open_to_replace(client, at=timezone.now()).url)


@require_safe
def card_replaced(request: Request, client_id: int) -> HttpResponse:
    """Back from the hosted page, which is not taken at its word: Stripe is asked."""
    client = _household(request, client_id)
    back_from_stripe(request, lambda: CardSession.look_for(client, at=timezone.now(), by=request.user))
    return redirect("my_card")


@require_POST
def remove_card(request: Request, client_id: int) -> HttpResponse:
    """No card with us any more; Stripe forgets it soon after."""
    Card.remove(_household(request, client_id), at=timezone.now())
    messages.success(request, _("Your card is removed."))
    return redirect("my_card")


def _household(request: Request, client_id: int) -> Client:
    return get_object_or_404(Client.objects.of(request.user), pk=client_id)


def _signed_in(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None
