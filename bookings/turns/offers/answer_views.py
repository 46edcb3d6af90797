"""Answering an offer from a text message: no signing in, only the secret address."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from bookings.turns.offers.offers import Offer
from bookings.turns.open_board import warned
from bookings.visits.worker_schedule import stops
from coop.web.http import may


@login_not_required
@cache_control(no_store=True, private=True)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_offer(request: HttpRequest, key: str) -> HttpResponse:
    """Yes or no to one offer, in its member's language; afterwards, what became of it. Looking changes nothing."""
    offer, now = _found(key), timezone.now()
    with translation.override(offer.member.user.language):
        if request.method == "POST":
            _answer(offer, request.POST.get("answer", ""))
            return redirect("answer_offer", key)
        can_answer = offer.state == Offer.State.MADE and offer.answer_by >= now
        stop = stops([offer.shift], at=now, home=offer.member.zip)[0] if can_answer else None
        warnings = warned(offer.member, [offer.shift], at=now)[0] if can_answer else []
        context = {"offer": offer, "shift": offer.shift, "stop": stop, "warnings": warnings, "key": key}
        return render(request, "bookings/turns/answer.html", context)


def _found(key: str) -> Offer:
    offer = Offer.objects.with_related().select_related("member__user", "member__zip").by_key(key)
    if offer is None or not may(offer.member.user, "accept", offer):
        raise Http404
    return offer


def _answer(offer: Offer, answer: str) -> None:
    """Neither of the two words is no answer."""
    if answer == "accept":
        offer.accept(at=timezone.now(), by=offer.member.user)
    elif answer == "pass":
        offer.pass_on(at=timezone.now(), by=offer.member.user, why=Offer.Why.TIME)
