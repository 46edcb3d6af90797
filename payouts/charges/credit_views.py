"""Gift cards, credit, and inviting a neighbour."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.checkout.views import REFERRER
from bookings.models import Client
from coop.money import dollars
from coop.web.http import Request, form_succeeded
from members.models import User
from payouts.charges.credit import credit_lines
from payouts.charges.forms import CodeForm, GiftForm
from payouts.charges.gift_cards import GiftCard
from payouts.charges.referrals import Referral, invitation_of, inviter
from payouts.policies import REFERRAL_CENTS
from payouts.stripe.stripe_away import back_from_stripe, off_to_stripe


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def gift_cards(request: HttpRequest) -> HttpResponse:
    """Give somebody some hours of work; on POST, on to the hosted page."""
    by = request.user if isinstance(request.user, User) else None
    form = GiftForm(request.POST or None, user=by)
    if request.method == "POST" and form.is_valid():
        gift = form.ask(at=timezone.now())
        return off_to_stripe(lambda: gift.open_page(at=timezone.now()))
    return render(request, "payouts/charges/gift_cards.html", {"form": form})


@require_safe
@login_not_required
def gift_card_paid(request: HttpRequest, token: UUID) -> HttpResponse:
    """Back from the hosted page, which is not taken at its word: Stripe is asked."""
    gift = get_object_or_404(GiftCard, token=token)
    back_from_stripe(request, lambda: gift.look(at=timezone.now()))
    return redirect(gift)


@require_safe
@login_not_required
@never_cache
def gift_card(request: HttpRequest, token: UUID) -> HttpResponse:
    """A gift card, for whoever has its address: fit to be printed."""
    gift = get_object_or_404(GiftCard.objects.select_related("buyer"), token=token)
    return render(request, "payouts/charges/gift_card.html", {"gift": gift})


@require_http_methods(["GET", "HEAD", "POST"])
def credit(request: Request) -> HttpResponse:
    """What a client has in hand: where it came from and went to; a code to add, a neighbour to invite."""
    form = CodeForm(request.POST or None)

    def use() -> None:
        known = Client.objects.of(request.user).own_first(request.user).first()
        client = known or Client.objects.create(user=request.user, since=timezone.now())
        gift = GiftCard.of_code(form.cleaned_data["code"])
        gift.use(client, at=timezone.now(), by=request.user)
        messages.success(request, _("%(amount)s were added to your credit.") % {"amount": dollars(gift.cents)})

    if form_succeeded(form, use):
        return redirect("credit")
    client = Client.objects.of(request.user).own_first(request.user).first()
    lines = credit_lines(client) if client else []
    context = {
        "form": form,
        "balance": sum(line.cents for line in lines),
        "lines": lines,
        "worth": REFERRAL_CENTS.on(timezone.localdate()),
        "invitation": invitation_of(client) if client else "",
        "came": Referral.objects.filter(referrer=client, rewarded_at__isnull=False).count() if client else 0,
    }
    return render(request, "payouts/charges/credit.html", context)


@require_safe
@login_not_required
def invited(request: HttpRequest, word: str) -> HttpResponse:
    """Somebody comes by an invitation; who invited is kept in the session until they book."""
    referrer = inviter(word)
    if referrer is None or not REFERRAL_CENTS.on(timezone.localdate()):
        return redirect("home")
    return render(
        request,
        "payouts/charges/invited.html",
        {
            "name": referrer.user.first_name,
            "worth": REFERRAL_CENTS.on(timezone.localdate()),
            "word": word,
        },
    )


@require_POST
@login_not_required
def accept_invitation(request: HttpRequest, word: str) -> HttpResponse:
    """On to the price; the first booking made in this browser counts as invited."""
    if referrer := inviter(word):
        request.session[REFERRER] = referrer.pk
    return redirect("quote")
