"""What went wrong, mostly with money, and waits for a person."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coop.models import Heartbeat
from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.models import Duty
from members.signing_in.step_up import weighs
from payouts.charges.card_removals import CardRemoval
from payouts.charges.charges import Charge
from payouts.charges.refunds import Refund
from payouts.ledger.shortfalls import shortfalls
from payouts.payroll.forms import NoteForm
from payouts.payroll.payouts import Payout
from payouts.stripe.webhooks import WebhookEvent

SHOWN = 200


@require_safe
def trouble(request: Request) -> HttpResponse:
    """Declined cards, pay that did not go out, messages from Stripe that we could not deal with, late duties."""
    require_perm(request, "payouts.see_trouble")
    charges = Charge.objects.in_trouble().select_related("client__user", "visit__booking__home__zip")
    due = Charge.objects.to_collect().select_related("client__user", "visit__booking__home__zip")
    payouts = Payout.objects.in_trouble().select_related("member__user", "run")
    refunds = Refund.objects.in_trouble().select_related("charge__client__user", "charge__visit")
    context = {
        "refunds": refunds.order_by("-pk")[:SHOWN],
        "to_collect": [(charge, NoteForm(auto_id=f"paid-{charge.pk}-%s")) for charge in due.order_by("pk")[:SHOWN]],
        "charges": charges.order_by("-pk")[:SHOWN],
        "payouts": [(payout, NoteForm(auto_id=f"note-{payout.pk}-%s")) for payout in payouts.order_by("-pk")[:SHOWN]],
        "events": WebhookEvent.objects.in_trouble().order_by("-pk")[:SHOWN],
        "removals": CardRemoval.objects.in_trouble().order_by("pk"),
        "shortfalls": shortfalls(),
        "duties": Duty.objects.to_look_at(timezone.localdate()).light().in_care_on(timezone.localdate()),
        "beats": Heartbeat.objects.exclude(trouble="", rows=[]).order_by("sweep"),
    }
    return render(request, "payouts/trouble/trouble.html", context)


@require_POST
def retry_charge(request: Request, charge_id: int) -> HttpResponse:
    """Try a charge once more."""
    charge = get_for(request, "retry", Charge.objects.visible_to(request.user), pk=charge_id)
    charge.retry(at=timezone.now(), by=request.user)
    messages.success(request, _("We are trying the card once more."))
    return redirect("trouble")


@require_POST
@weighs()
def pay_outside_charge(request: Request, charge_id: int) -> HttpResponse:
    """Write down that a client paid by check or in cash."""
    charge = get_for(request, "pay_outside", Charge.objects.visible_to(request.user), pk=charge_id)
    form = NoteForm(request.POST)
    if not form_succeeded(
        form, lambda: charge.pay_outside(at=timezone.now(), by=request.user, note=form.cleaned_data["note"])
    ):
        said = form.non_field_errors()
        messages.warning(request, str(said[0]) if said else _("Please say in a note how it was paid."))
    return redirect("trouble")


@require_POST
@weighs()
def retry_payout(request: Request, payout_id: int) -> HttpResponse:
    """Send a payout once more, after somebody made sure that it was not paid."""
    payout = get_for(request, "retry", Payout.objects.visible_to(request.user), pk=payout_id)
    payout.retry(at=timezone.now(), by=request.user)
    messages.success(request, _("We are sending it once more."))
    return redirect("trouble")


@require_POST
@weighs()
def pay_outside(request: Request, payout_id: int) -> HttpResponse:
    """Write down that a payout was paid by check or bank instead."""
    payout = get_for(request, "pay_outside", Payout.objects.visible_to(request.user), pk=payout_id)
    form = NoteForm(request.POST)
    if not form_succeeded(
        form, lambda: payout.pay_outside(at=timezone.now(), by=request.user, note=form.cleaned_data["note"])
    ):
        messages.warning(request, _("Please say in a note how it was paid."))
    return redirect("trouble")
