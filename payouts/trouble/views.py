"""What went wrong, mostly with money, and waits for a person."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coop.web.attention import lists_of, remember
from coop.web.http import Request, get_for, require_perm
from members.signing_in.step_up import weighs
from payouts.charges.charges import Charge
from payouts.charges.refunds import Refund
from payouts.payroll.noted import noted
from payouts.payroll.payouts import Payout
from payouts.trouble.sections import Section


@require_safe
def trouble(request: Request) -> HttpResponse:
    """All that waits for a person and that this one may read, with its age, its reason and what mends it."""
    require_perm(request, "payouts.see_trouble")
    now = timezone.now()
    found = [Section.of(one, request.user, at=now) for one in lists_of(request.user)]
    sections = [section for section in found if section.rows]
    remember(request.user, sum(section.count for section in sections))
    return render(request, "payouts/trouble/trouble.html", {"sections": sections})


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
    noted(
        request,
        lambda note: charge.pay_outside(at=timezone.now(), by=request.user, note=note),
        asks=_("Please say in a note how it was paid."),
    )
    return redirect("trouble")


@require_POST
@weighs()
def pay_outside_refund(request: Request, refund_id: int) -> HttpResponse:
    """Write down that money went back to a client by check, by bank or in cash."""
    refund = get_for(request, "pay_outside", Refund.objects.visible_to(request.user), pk=refund_id)
    noted(
        request,
        lambda note: refund.pay_outside(at=timezone.now(), by=request.user, note=note),
        asks=_("Please say in a note how it was paid."),
    )
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
    noted(
        request,
        lambda note: payout.pay_outside(at=timezone.now(), by=request.user, note=note),
        asks=_("Please say in a note how it was paid."),
    )
    return redirect("trouble")
