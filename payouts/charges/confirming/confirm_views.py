"""To the bank's confirmation and back. Whoever has the link from our mail may: it shows a sum, a day and a service."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from payouts.charges.charges import Charge
from payouts.stripe.stripe_away import back_from_stripe, off_to_stripe


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_payment(request: HttpRequest, word: str) -> HttpResponse:
    """Say what is to be confirmed; on POST, on to the hosted page. An old link says that it is old."""
    charge = Charge.by_word(word)
    if request.method == "POST":
        if charge is None:
            raise Http404
        return off_to_stripe(lambda: charge.open_page(at=timezone.now()))
    waits = charge is not None and charge.can_be_confirmed(timezone.now())
    paid = charge is not None and charge.state in (Charge.State.HELD, Charge.State.CAPTURED, Charge.State.SETTLED)
    return render(request, "payouts/charges/confirm.html", {"charge": charge, "waits": waits, "paid": paid})


@login_not_required
@never_cache
@require_safe
def payment_confirmed(request: HttpRequest, word: str) -> HttpResponse:
    """Back from the hosted page, which is not taken at its word: Stripe is asked."""
    if charge := Charge.by_word(word):
        back_from_stripe(request, lambda: charge.look_at_page(at=timezone.now()))
    return redirect("confirm_payment", word)
