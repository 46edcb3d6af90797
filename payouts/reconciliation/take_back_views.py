"""Pay that was sent by mistake is taken back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coop.web.http import Request, form_succeeded, get_for
from members.signing_in.step_up import weighs
from payouts.payroll.payouts import Payout
from payouts.reconciliation.forms import TakeBackForm
from payouts.reconciliation.take_backs import TakeBack


@require_http_methods(["GET", "HEAD", "POST"])
@weighs()
def take_back_payout(request: Request, payout_id: int) -> HttpResponse:
    """What of a payout was taken back; on POST a second person is asked about more."""
    rows = Payout.objects.visible_to(request.user).select_related("member__user", "run")
    payout = get_for(request, "take_back", rows, pk=payout_id)
    form = TakeBackForm(request.POST if request.method == "POST" else None, payout=payout)
    if form_succeeded(
        form,
        lambda: TakeBack.ask(
            payout, cents=form.cents, note=form.cleaned_data["note"], at=timezone.now(), by=request.user
        ),
    ):
        messages.success(request, _("A second person looks at it now. The member is told why, and can answer."))
        return redirect("take_back_payout", payout.pk)
    context = {"payout": payout, "form": form, "before": payout.take_backs.select_related("made_by").order_by("pk")}
    status = 422 if request.method == "POST" else 200
    return render(request, "payouts/reconciliation/take_back.html", context, status=status)


@require_POST
@weighs()
def retry_take_back(request: Request, take_back_id: int) -> HttpResponse:
    """Once more, after somebody looked at what went wrong."""
    found = get_for(request, "retry", TakeBack.objects.visible_to(request.user), pk=take_back_id)
    found.retry(at=timezone.now(), by=request.user)
    return redirect("take_back_payout", found.payout_id)


@require_POST
@weighs()
def give_up_take_back(request: Request, take_back_id: int) -> HttpResponse:
    """It cannot be had from Stripe: leave it."""
    found = get_for(request, "give_up", TakeBack.objects.visible_to(request.user), pk=take_back_id)
    found.give_up(at=timezone.now(), by=request.user)
    return redirect("take_back_payout", found.payout_id)
