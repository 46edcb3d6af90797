"""A statement to keep."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coop.web.documents import PDF, show_document
from coop.web.http import Request
from payouts.payroll.payouts import Payout
from payouts.payroll.statements.statement_pdf import print_statement


@require_safe
@never_cache
def statement_pdf(request: Request, run_id: int) -> HttpResponse:
    """One's own statement of a pay run on paper; with `?firm` what went through the payroll firm."""
    if request.user.membership is None:
        raise Http404
    mine = Payout.objects.of(request.user.membership).approved().select_related("run", "member__user")
    mine = mine.filter(run=run_id)
    payout = mine.filter(through_firm="firm" in request.GET).first() or get_object_or_404(mine)
    return show_document(print_statement(payout), PDF, name=f"statement-{payout.run.ends_on}")
