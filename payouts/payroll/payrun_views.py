"""Drafting, looking over and approving what everybody is paid."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.catalog.wages.floors import Floors
from coop.web.csv_export import download, sheet
from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.signing_in.step_up import weighs
from payouts.payroll.approval.comparison import change
from payouts.payroll.approval.funding import Funding
from payouts.payroll.approval.overview import Overview
from payouts.payroll.doubts import doubts
from payouts.payroll.forms import ApproveForm, DraftForm, NoteForm
from payouts.payroll.least_payout import waits_for_more
from payouts.payroll.payruns import PayRun, period_before
from payouts.payroll.presenters import beyond_visits
from payouts.payroll.wages import HEADER


@require_safe
def pay_runs(request: Request) -> HttpResponse:
    """Every pay run with its totals, which all members see."""
    require_perm(request, "payouts.read_books")
    today = timezone.localdate()
    form = DraftForm(latest=today, initial={"ends_on": period_before(today)[1]})
    return _list(request, form)


@require_POST
def draft_pay_run(request: Request) -> HttpResponse:
    """Net what everybody is owed and freeze it for a second person to look at."""
    require_perm(request, "payouts.draft_payrun")
    now = timezone.now()
    form = DraftForm(request.POST, latest=timezone.localdate(now))
    made: list[PayRun] = []
    if not form_succeeded(
        form, lambda: made.append(PayRun.draft(ends_on=form.cleaned_data["ends_on"], at=now, by=request.user))
    ):
        return _list(request, form, status=422)
    return redirect(made[0])


@require_safe
def pay_run(request: Request, run_id: int) -> HttpResponse:
    """One pay run: totals for members, every line for those who answer for it."""
    require_perm(request, "payouts.read_books")
    run = get_object_or_404(PayRun.objects.with_totals().select_related("drafted_by", "approved_by"), pk=run_id)
    is_draft, inspects = run.state == PayRun.State.DRAFT, request.user.has_perm("payouts.inspect_payrun", run)
    context = {
        "run": run,
        "change": change(run),
        "beyond": beyond_visits(run),
        "floor": Floors.on([run.ends_on]).everywhere(run.ends_on),
        "overview": Overview.of(run, page=request.GET.get("page")) if inspects else None,
        "funding": Funding.of(run) if is_draft and inspects else None,
        "wages": run.payouts.for_the_firm().count(),
        "form": NoteForm(),
        "doubts": doubts(timezone.now()) if is_draft and inspects else [],
        "approval": ApproveForm(auto_id="approve-%s"),
        "inspects": inspects,
        "waits": waits_for_more(run) if is_draft and inspects else [],
        "seconds": run.seconds(timezone.now()) if is_draft else [],
    }
    return render(request, "payouts/payroll/pay_run.html", context)


@require_POST
@weighs()
def approve_pay_run(request: Request, run_id: int) -> HttpResponse:
    """The second person's yes: everybody is paid."""
    run = get_for(request, "approve", PayRun.objects.visible_to(request.user), pk=run_id)
    run.approve(at=timezone.now(), by=request.user, despite=ApproveForm(request.POST).words)
    messages.success(request, _("Approved. The payments are on their way."))
    return redirect(run)


@require_POST
@weighs()
def export_pay_run(request: Request, run_id: int) -> HttpResponse:
    """The wages of a pay run as a table for the payroll firm."""
    run = get_for(request, "export", PayRun.objects.visible_to(request.user), pk=run_id)
    rows = run.export(at=timezone.now(), by=request.user)
    return download(sheet(rows, HEADER), name=f"wages-{run.starts_on}-{run.ends_on}.csv")


@require_POST
def send_back_pay_run(request: Request, run_id: int) -> HttpResponse:
    """The second person's no, with a note."""
    run = get_for(request, "send_back", PayRun.objects.visible_to(request.user), pk=run_id)
    form = NoteForm(request.POST)
    if not form_succeeded(
        form, lambda: run.send_back(at=timezone.now(), by=request.user, note=form.cleaned_data["note"])
    ):
        messages.warning(request, _("Please say in a note what is wrong."))
    return redirect(run)


def _list(request: Request, form: DraftForm, *, status: int = 200) -> HttpResponse:
    runs = PayRun.objects.with_totals().select_related("drafted_by", "approved_by").order_by("-ends_on", "-pk")[:60]
    return render(request, "payouts/payroll/pay_runs.html", {"runs": runs, "form": form}, status=status)
