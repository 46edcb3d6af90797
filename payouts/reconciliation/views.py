"""The books beside Stripe and the bank: what fits, what does not, since when, and what somebody does about it."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.signing_in.step_up import weighs
from payouts.reconciliation.bank.forms import BankFileForm
from payouts.reconciliation.bank.lines import BankLine, read_until
from payouts.reconciliation.checks import Check
from payouts.reconciliation.differences import differences
from payouts.reconciliation.explanations import Explanation
from payouts.reconciliation.forms import ExplanationForm
from payouts.reconciliation.marks import Mark
from payouts.reconciliation.movements import Movement
from payouts.reconciliation.tasks import settle_all
from payouts.stripe.stripe_away import asking_stripe

DAYS_SHOWN, LINES_SHOWN = 14, 30


@require_safe
def reconciliation(request: Request) -> HttpResponse:
    """How the books stand to Stripe and to the bank, each difference with its age."""
    require_perm(request, "payouts.see_reconciliation")
    return page(request, BankFileForm())


def page(request: Request, form: BankFileForm, *, status: int = 200) -> HttpResponse:
    """The page, also where a file was refused."""
    now = timezone.now()
    found = differences(at=now)
    by_kind = groupby(found, key=lambda one: one.kind)
    matched = BankLine.objects.filter(matches__isnull=False).distinct().order_by("-day", "-pk")
    context = {
        "last": Check.last(),
        "checks": Check.objects.order_by("-day")[:DAYS_SHOWN],
        "mark": Mark.objects.first(),
        "groups": [(kind.label, [(one, one.days(now)) for one in some]) for kind, some in by_kind],
        "form": form,
        "read_until": read_until(),
        "matched": matched.prefetch_related("matches__entry")[:LINES_SHOWN],
        "may_read_file": request.user.has_perm("payouts.read_bank_file"),
    }
    return render(request, "payouts/reconciliation/reconciliation.html", context, status=status)


@require_POST
def compare_again(request: Request) -> HttpResponse:
    """Ask Stripe now, instead of waiting for the day's comparison. Moves nothing."""
    require_perm(request, "payouts.compare_again")
    now = timezone.now()
    with asking_stripe():
        Mark.walk(at=now)
        if settle_all():
            Check.look(at=now, at_once=True)
            messages.success(request, _("Compared just now."))
        else:
            messages.warning(request, _("Much has moved since the last look, and is still being read. Try again soon."))
    return redirect("reconciliation")


@require_safe
def movement(request: Request, movement_id: int) -> HttpResponse:
    """One movement at Stripe, where it stands in the books, or what somebody says about it."""
    require_perm(request, "payouts.see_reconciliation")
    found = get_object_or_404(Movement.objects.visible_to(request.user).select_related("entry"), pk=movement_id)
    return _movement(request, found, ExplanationForm())


@require_POST
@weighs()
def explain(request: Request, movement_id: int) -> HttpResponse:
    """Say where a movement belongs that nobody knew."""
    found = get_for(request, "explain", Movement.objects.visible_to(request.user), pk=movement_id)
    form = ExplanationForm(request.POST)
    made: list[Explanation] = []
    if not form_succeeded(
        form, lambda: made.append(Explanation.give(found, **form.cleaned_data, at=timezone.now(), by=request.user))
    ):
        return _movement(request, found, form, status=422)
    done = made[0].state == Explanation.State.DONE
    messages.success(request, _("It is in the books.") if done else _("A second person looks at it now."))
    return redirect("reconciliation")


def _movement(request: Request, found: Movement, form: ExplanationForm, *, status: int = 200) -> HttpResponse:
    explanations = found.explanations.select_related("made_by").order_by("pk")
    waits = any(one.state == Explanation.State.ASKED for one in explanations)
    context = {"movement": found, "explanations": explanations, "form": form, "waits": waits}
    return render(request, "payouts/reconciliation/movement.html", context, status=status)
