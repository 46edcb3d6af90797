"""What belongs to the browser in which it was typed, for nobody has to sign in to book.

The address of a draft shows what is wanted and its price. The contact, and the booking that comes of it, are for the
browser that typed them, for whoever signs in as the household, and for the office where it began the draft. A browser
has a booking only until somebody proves the address: from then on it is that person's, whoever sat at the browser.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache

from bookings.households.clients import Client
from bookings.visits.bookings import Booking
from bookings.visits.quotes import Quote
from members.models import User

MARK = "browser"
"""Where the session keeps the mark of this browser."""
BOOKINGS = "bookings"
"""Where the session keeps the tokens of bookings that were confirmed in this browser by the link of a mail."""


def mark_of(request: HttpRequest) -> UUID:
    """The mark of this browser, by which it finds again what was typed in it."""
    return UUID(request.session.setdefault(MARK, str(uuid4())))


def typed_here(request: HttpRequest, draft: Quote) -> bool:
    """Was the contact of this draft typed in this browser, or does the office book for a household?"""
    return draft.client_id is not None or (draft.browser is not None and str(draft.browser) == _mark(request))


def remember(request: HttpRequest, booking: Booking) -> None:
    """This browser showed the secret of our mail: the booking is theirs."""
    known: list[str] = request.session.get(BOOKINGS, [])
    request.session[BOOKINGS] = [*(one for one in known if one != str(booking.token)), str(booking.token)][-20:]


def belongs_to(request: HttpRequest, booking: Booking) -> bool:
    """Is this booking of whoever asks: of their household, or of this browser?

    What the office began for a household is for the office, too, and, where nobody could sign in for it, for whoever
    the office gave the address to.
    """
    if booking.client.includes(request.user) or str(booking.token) in request.session.get(BOOKINGS, []):
        return True
    if booking.quote is None:
        return False
    if booking.quote.client_id is None:
        return not booking.client.user.email and typed_here(request, booking.quote)
    office = isinstance(request.user, User) and request.user.has_perm("bookings.coordinate")
    return office or not booking.client.user.address


def of_a_booking(step: Callable[..., HttpResponse]) -> Any:
    """A page about a booking, for those to whom it belongs. Whoever else has its address is asked to sign in."""

    @login_not_required
    @never_cache
    @wraps(step)
    def view(request: HttpRequest, token: UUID, **more: Any) -> HttpResponse:
        booking = get_object_or_404(Booking.objects.with_related(), token=token)
        if belongs_to(request, booking):
            return step(request, booking, **more)
        if request.method == "GET" and was_it_you(request, Client.objects.filter(pk=booking.client.pk)):
            return redirect("claims")
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.get_full_path() if request.method == "GET" else booking.get_absolute_url())

    return view


def of_a_visit(step: Callable[..., HttpResponse]) -> Any:
    """A page about a visit, by its number. Who came by a mail to them, and has not said yet that it was them, is asked.

    All others read there that there is no such page.
    """

    @wraps(step)
    def view(request: HttpRequest, visit_id: int, **more: Any) -> HttpResponse:
        try:
            return step(request, visit_id, **more)
        except Http404:
            here = Client.objects.filter(homes__bookings__visits=visit_id)
            if request.method == "GET" and was_it_you(request, here):
                return redirect("claims")
            raise

    return view


def was_it_you(request: HttpRequest, clients: QuerySet[Client]) -> bool:
    """Is this of somebody who only claims the address of whoever is signed in?"""
    return isinstance(request.user, User) and clients.filter(pk__in=Client.objects.claiming(request.user)).exists()


def _mark(request: HttpRequest) -> str | None:
    return request.session.get(MARK)
