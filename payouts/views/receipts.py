"""What a client paid, where it went, and a tip on top."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bookings.models import Visit
from coop.http import Request, carried_out, get_for
from members.models import User
from payouts.forms import TipForm
from payouts.models import Card, Charge
from payouts.models.credit import credit_spent
from payouts.pages import receipt_parts


def _visits_for(user: User) -> QuerySet[Visit]:
    """Visits whose receipt this person may see at all."""
    done = Visit.objects.whole().filter(state=Visit.State.COMPLETED)
    return done if "treasurer" in user.roles else done.at_homes_of(user)


@require_safe
def receipt(request: Request, visit_id: int) -> HttpResponse:
    """What was paid for a visit and where each cent of it went; fit to be printed."""
    visit = get_for(request, "receipt", _visits_for(request.user), pk=visit_id)
    return _show(request, visit, TipForm())


@require_POST
def tip(request: Request, visit_id: int) -> HttpResponse:
    """Charge a tip to the card that the visit was paid with."""
    visit = get_for(request, "tip", _visits_for(request.user), pk=visit_id)
    form = TipForm(request.POST)
    if not carried_out(form, lambda: Charge.tip(visit, cents=form.cents, at=timezone.now(), by=request.user)):
        return _show(request, visit, form, status=422)
    return redirect("receipt", visit.pk)


def _show(request: Request, visit: Visit, form: TipForm, *, status: int = 200) -> HttpResponse:
    credit = credit_spent(visit)
    charges = list(visit.charges.exclude(state=Charge.State.RELEASED).order_by("pk"))
    context = {
        "visit": visit,
        "parts": receipt_parts(visit),
        "charges": charges,
        "credit": credit,
        "total": credit + sum(charge.cents for charge in charges),
        "tip": next((charge for charge in charges if charge.kind == Charge.Kind.TIP), None),
        "card": Card.objects.filter(client=visit.booking.client).first(),
        "form": form,
    }
    return render(request, "payouts/receipt.html", context, status=status)
