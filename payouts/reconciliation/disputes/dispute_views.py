"""Disputes: by when the bank wants our answer, what we know, and who bears what is lost."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.signing_in.step_up import weighs
from payouts.reconciliation.disputes.disputes import Dispute, DisputeQuerySet
from payouts.reconciliation.disputes.evidence import facts_of, letter, photos_of
from payouts.reconciliation.disputes.forms import AnswerForm, BearerForm
from payouts.stripe.stripe_away import asking_stripe

ON_A_PAGE = 30


@require_safe
def disputes(request: Request) -> HttpResponse:
    """All of them: those that wait for our answer first."""
    require_perm(request, "payouts.see_disputes")
    rows = Dispute.objects.visible_to(request.user).select_related("charge__client__user")
    context = {
        "waiting": rows.to_answer(),
        "others": rows.exclude(state=Dispute.State.OPEN).order_by("-opened_at", "-pk")[:ON_A_PAGE],
    }
    return render(request, "payouts/reconciliation/disputes.html", context)


@require_safe
def dispute(request: Request, dispute_id: int) -> HttpResponse:
    """One of them, with what we know."""
    require_perm(request, "payouts.see_disputes")
    found = get_object_or_404(_rows(request), pk=dispute_id)
    return _page(request, found)


@require_POST
@weighs()
def answer_dispute(request: Request, dispute_id: int) -> HttpResponse:
    """Send our answer to the bank."""
    found = get_for(request, "answer", _rows(request), pk=dispute_id)
    form = AnswerForm(request.POST)
    if not form_succeeded(form, lambda: _send(found, form, request)):
        return _page(request, found, answer=form, status=422)
    messages.success(request, _("The bank has our answer. It decides within about two months."))
    return redirect(found)


def _send(found: Dispute, form: AnswerForm, request: Request) -> None:
    with asking_stripe():
        found.answer(form.cleaned_data["words"], at=timezone.now(), by=request.user)


@require_POST
@weighs()
def let_bear_dispute(request: Request, dispute_id: int) -> HttpResponse:
    """Say who bears it."""
    found = get_for(request, "let_bear", _rows(request), pk=dispute_id)
    form = BearerForm(request.POST)
    said = form.data.get("bearer", "")
    if not form_succeeded(
        form,
        lambda: found.let_bear(said, note=form.cleaned_data["note"], at=timezone.now(), by=request.user),
    ):
        return _page(request, found, bearer=form, status=422)
    return redirect(found)


def _rows(request: Request) -> DisputeQuerySet:
    return Dispute.objects.visible_to(request.user).select_related("charge__client__user", "charge__visit")


def _page(
    request: Request,
    found: Dispute,
    *,
    answer: AnswerForm | None = None,
    bearer: BearerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "dispute": found,
        "zone": found.charge.visit.booking.home.zip.zone if found.charge else timezone.get_current_timezone_name(),
        "facts": facts_of(found),
        "photos": photos_of(found, request.user),
        "answer": answer or AnswerForm(initial={"words": letter(found)}),
        "bearer": bearer or BearerForm(initial={"bearer": found.borne_by, "note": found.note}),
        "can_bear": found.state in (*Dispute.GOING, Dispute.State.LOST),
    }
    return render(request, "payouts/reconciliation/dispute.html", context, status=status)
