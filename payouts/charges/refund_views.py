"""Money back to a client, by the office."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookings.models import Visit
from coop.money import dollars
from coop.web.http import Request, form_succeeded, get_for
from members.models import User
from members.signing_in.step_up import weighs
from payouts.charges.charges import Charge
from payouts.charges.forms import RefundForm
from payouts.charges.refunds import Refund


def _visits_for(user: User) -> QuerySet[Visit]:
    """Visits whose money this person looks after: all for the office, none for others."""
    mine = user.roles & {"treasurer", "coordinator"}
    return Visit.objects.with_related() if mine else Visit.objects.none()


@require_http_methods(["GET", "HEAD", "POST"])
@weighs()
def refund_visit(request: Request, visit_id: int) -> HttpResponse:
    """What was charged for a visit and went back; on POST something of it goes back now."""
    visit = get_for(request, "refund", _visits_for(request.user), pk=visit_id)
    form = RefundForm(request.POST if request.method == "POST" else None, visit=visit)
    if form_succeeded(form, lambda: form.give(at=timezone.now(), by=request.user)):
        messages.success(request, _told(form))
        return redirect("refund_visit", visit.pk)
    refunds = Refund.objects.filter(charge__visit=visit).select_related("made_by", "charge").order_by("pk")
    context = {
        "visit": visit,
        "zone": visit.booking.home.zip.zone,
        "charges": visit.charges.exclude(state=Charge.State.RELEASED).order_by("pk"),
        "refunds": refunds,
        "form": form,
    }
    return render(request, "payouts/charges/refund.html", context)


def _told(form: RefundForm) -> str:
    amount = {"amount": dollars(form.cents)}
    if form.made and form.made.state == Refund.State.ASKED:
        return _("%(amount)s waits for a second person, who is told now.") % amount
    if form.made and form.made.state == Refund.State.OWED:
        return _("%(amount)s is owed to the client. It waits under “Needs attention” until it is paid.") % amount
    if form.made and not form.made.rest:
        return _("%(amount)s is in the client's credit again.") % amount
    return _("%(amount)s is on its way back to the client.") % amount


@require_POST
@weighs()
def retry_refund(request: Request, refund_id: int) -> HttpResponse:
    """Send money back once more, after somebody looked at what went wrong."""
    refund = get_for(request, "retry", Refund.objects.visible_to(request.user), pk=refund_id)
    refund.retry(at=timezone.now(), by=request.user)
    messages.success(request, _("We are sending it once more."))
    return redirect("trouble")
