"""What Stripe has that the books do not know: read it, have it written down, and let paying go on."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coop.web.http import Request, get_for, require_perm
from members.signing_in.step_up import weighs
from payouts.payroll.forms import NoteForm
from payouts.payroll.noted import noted
from payouts.recovery.balances import overpaid_clients, overpaid_members
from payouts.recovery.found import Found
from payouts.recovery.recoveries import Recovery
from payouts.stripe.lookout import Lookout


@require_safe
def recovery(request: Request) -> HttpResponse:
    """What was found, whom it concerns and what it is written as; and until when we have looked."""
    require_perm(request, "payouts.see_trouble")
    now = timezone.now()
    latest = Recovery.objects.order_by("-pk").first()
    found = latest.found.with_related().order_by("made_at", "pk") if latest else Found.objects.none()
    context = {
        "recovery": latest,
        "found": [(one, NoteForm(auto_id=f"left-out-{one.pk}-%s") if one.trouble else None) for one in found],
        "lookout": Lookout.objects.get(),
        "clear": not settings.STRIPE_API_KEY or Lookout.objects.clear(now).exists(),
        "members": overpaid_members(),
        "clients": overpaid_clients(),
    }
    return render(request, "payouts/recovery/recovery.html", context)


@require_POST
@weighs()
def write_back(request: Request, recovery_id: int) -> HttpResponse:
    """Write all of it into the books."""
    found = get_for(request, "write_back", Recovery.objects.visible_to(request.user), pk=recovery_id)
    found.write_back(at=timezone.now(), by=request.user)
    messages.success(request, _("It is being written down. Look again in a minute."))
    return redirect("recovery")


@require_POST
@weighs()
def let_go(request: Request, recovery_id: int) -> HttpResponse:
    """It was read: paying goes on."""
    found = get_for(request, "let_go", Recovery.objects.visible_to(request.user), pk=recovery_id)
    found.let_go(at=timezone.now(), by=request.user)
    messages.success(request, _("Paying goes on. Draft the pay run anew: what was found counts in it."))
    return redirect("recovery")


@require_POST
@weighs()
def leave_out(request: Request, found_id: int) -> HttpResponse:
    """Something cannot be written: say how it was seen to."""
    found = get_for(request, "leave_out", Found.objects.visible_to(request.user), pk=found_id)
    noted(
        request,
        lambda note: found.leave_out(at=timezone.now(), by=request.user, note=note),
        asks=_("Please say in a note how you saw to it."),
    )
    return redirect("recovery")
