"""The bank's side: its statement is read; what days and cents do not match, a person does."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from coop.web.http import Request, form_succeeded, get_for, require_perm
from payouts.reconciliation.bank.forms import BankFileForm, MatchForm
from payouts.reconciliation.bank.lines import BankLine, open_entries
from payouts.reconciliation.views import page

NEAR = timedelta(days=60)
MOST = 60


@require_POST
def read_bank_file(request: Request) -> HttpResponse:
    """Read a statement, and match what days and cents match."""
    require_perm(request, "payouts.read_bank_file")
    form = BankFileForm(request.POST, request.FILES)
    taken: list[int] = []
    if not form_succeeded(
        form,
        lambda: taken.append(BankLine.take_in(form.cleaned_data["file"], at=timezone.now(), by=request.user)),
    ):
        return page(request, form, status=422)
    said = ngettext("%d new line was read.", "%d new lines were read.", taken[0])
    messages.success(request, said % taken[0])
    return redirect("reconciliation")


@require_http_methods(["GET", "HEAD", "POST"])
def match_line(request: Request, line_id: int) -> HttpResponse:
    """What in the books goes with a line of the bank."""
    line = get_for(request, "match", BankLine.objects.visible_to(request.user), pk=line_id)
    near = open_entries().filter(effective_on__range=(line.day - NEAR, line.day + NEAR))[:MOST]
    form = MatchForm(request.POST if request.method == "POST" else None, near=near)
    if form_succeeded(form, lambda: line.match(form.cleaned_data["entries"], at=timezone.now(), by=request.user)):
        messages.success(request, _("They go together now."))
        return redirect("reconciliation")
    context = {"line": line, "form": form, "matches": line.matches.select_related("entry", "by")}
    status = 422 if request.method == "POST" else 200
    return render(request, "payouts/reconciliation/bank_line.html", context, status=status)


@require_POST
def let_go_line(request: Request, line_id: int) -> HttpResponse:
    """It was matched with the wrong thing."""
    line = get_for(request, "let_go", BankLine.objects.visible_to(request.user), pk=line_id)
    line.let_go(at=timezone.now(), by=request.user)
    return redirect(line)
