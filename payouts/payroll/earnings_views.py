"""What a member has earned, will be paid, and was paid."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coop.web.http import Request
from members.models import Member
from members.signing_in.step_up import asks_within, prove_again
from payouts.ledger.work_week import Worked, monday_of
from payouts.payroll.payees import PayeeAccount
from payouts.payroll.payouts import Payout
from payouts.payroll.payruns import period_of
from payouts.payroll.presenters import balances_of, paid_by_clients, pay_parts, statement_lines, unpaid_work
from payouts.policies import LEAST_PAYOUT
from payouts.stripe.stripe_away import back_from_stripe, off_to_stripe


def _me(request: Request) -> Member:
    """The member who asks; others have no earnings here."""
    if request.user.membership is None:
        raise Http404
    return request.user.membership


@require_safe
def earnings(request: Request) -> HttpResponse:
    """What I am owed, from which visits, and my statements."""
    member = _me(request)
    pay, tips = balances_of(member)
    context = {
        "pay": pay,
        "tips": tips,
        "total": pay + tips,
        "parts": [("work", pay), ("tips", tips)],
        "work": unpaid_work(member),
        "period_ends": period_of(timezone.localdate())[1],
        "statements": Payout.objects.of(member).approved().select_related("run").order_by("-run__ends_on", "-pk")[:24],
        "week": Worked.of(member.pk, monday_of(timezone.localdate())),
        "payee": PayeeAccount.objects.filter(member=member).first(),
        "least": LEAST_PAYOUT.on(timezone.localdate()),
    }
    return render(request, "payouts/payroll/earnings.html", context)


@require_safe
def statement(request: Request, run_id: int) -> HttpResponse:
    """One pay run as I read it."""
    mine = Payout.objects.of(_me(request)).approved().select_related("run", "member__user")
    mine = mine.filter(run=run_id)
    payout = mine.filter(through_firm="firm" in request.GET).first() or get_object_or_404(mine)
    context = {
        "payout": payout,
        "lines": statement_lines(payout),
        "pay": pay_parts(payout),
        "parts": paid_by_clients(payout),
    }
    return render(request, "payouts/payroll/statement.html", context)


@require_POST
@asks_within
def start_onboarding(request: Request) -> HttpResponse:
    """On to the hosted page for bank details, by a link made this moment, once they showed that it is them."""
    member = _me(request)
    prove_again(request)
    return off_to_stripe(lambda: PayeeAccount.of(member).link())


@require_safe
def onboarding_done(request: Request) -> HttpResponse:
    """Back from that page, which is not taken at its word: Stripe is asked."""
    payee = get_object_or_404(PayeeAccount, member=_me(request))
    back_from_stripe(request, lambda: payee.look(at=timezone.now()))
    if payee.transfers_active:
        messages.success(request, _("Your bank account is ready. Your pay goes there from now on."))
    else:
        messages.info(request, _("Stripe still needs something from you, or is checking. You can go on at any time."))
    return redirect("earnings")
