"""What a client paid, where it went, and a tip on top."""

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bookings.models import Visit
from bookings.visits.browsers import of_a_visit
from coop.web.http import Request, form_succeeded, get_for
from members.models import User
from payouts.charges.charges import Charge
from payouts.charges.forms import TipForm, YearForm
from payouts.charges.receipts.receipt_pdf import print_receipt
from payouts.charges.receipts.receipts import Receipt, paid_for, receipted


def _visits_for(user: User) -> QuerySet[Visit]:
    """Visits whose receipt this person may see at all."""
    done = Visit.objects.with_related().filter(Q(state=Visit.State.COMPLETED) | Q(fee_cents__gt=0))
    return done if "treasurer" in user.roles else done.at_homes_of(user)


@require_safe
@of_a_visit
def receipt(request: Request, visit_id: int) -> HttpResponse:
    """What was paid for a visit and where each cent of it went; fit to be printed."""
    visit = get_for(request, "receipt", _visits_for(request.user), pk=visit_id)
    return _show(request, visit, TipForm())


@require_safe
@of_a_visit
def receipt_pdf(request: Request, visit_id: int) -> HttpResponse:
    """The same on paper."""
    found = Receipt.of(get_for(request, "receipt", _visits_for(request.user), pk=visit_id))
    response = HttpResponse(print_receipt(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.file_name}"'
    return response


@require_safe
def receipts(request: Request) -> HttpResponse:
    """All receipts of one's households, a year at a time."""
    mine = receipted(request.user)
    years = [day.year for day in mine.dates("starts_at", "year", order="DESC")]
    year = YearForm(request.GET).year or (years[0] if years else None)
    shown = list(mine.filter(starts_at__year=year).select_related("booking__service", "booking__home__zip"))
    paid = paid_for(shown)
    rows = [(visit, paid[visit.pk]) for visit in shown]
    context = {"years": years, "year": year, "rows": rows, "total": sum(paid.values())}
    return render(request, "payouts/charges/receipts.html", context)


@require_POST
def tip(request: Request, visit_id: int) -> HttpResponse:
    """Charge a tip to the card that the visit was paid with."""
    visit = get_for(request, "tip", _visits_for(request.user), pk=visit_id)
    form = TipForm(request.POST)
    if not form_succeeded(form, lambda: Charge.tip(visit, cents=form.cents, at=timezone.now(), by=request.user)):
        return _show(request, visit, form, status=422)
    return redirect("receipt", visit.pk)


def _show(request: Request, visit: Visit, form: TipForm, *, status: int = 200) -> HttpResponse:
    context = {"visit": visit, "receipt": Receipt.of(visit), "form": form}
    return render(request, "payouts/charges/receipt.html", context, status=status)
