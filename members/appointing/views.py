"""The offices: who holds which, and how that changes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.appointing.asked_changes import AskedChange
from members.appointing.forms import EndForm, SeatForm
from members.appointing.office_changes import OfficeChange
from members.offices.bundles import of_office
from members.offices.roles import Role
from members.offices.words import OFFICES
from members.signing_in.step_up import weighs

PAST = 30
"""How many of the terms that are over are shown."""
question = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def offices(request: Request) -> HttpResponse:
    """Who holds which office since when, until when and by which decision; what waits, and what was."""
    require_perm(request, "members.read_offices")
    now = timezone.now()
    terms = list(Role.objects.running(now).select_related("member__user").order_by("starts_on", "pk"))
    over = Role.objects.over(now).select_related("member__user")[:PAST]
    about = {
        "offices": [
            (kind, words, [one for one in terms if one.kind == kind], of_office(kind)) for kind, words in OFFICES
        ],
        "over": over,
        "waiting": OfficeChange.objects.filter(state=OfficeChange.State.ASKED).select_related("member__user"),
        "today": timezone.localdate(now),
    }
    return render(request, "members/appointing/offices.html", about)


@question
@weighs()
def seat_member(request: Request) -> HttpResponse:
    """Ask that somebody takes an office."""
    require_perm(request, "members.change_offices")
    now = timezone.now()
    initial = {"office": request.GET.get("office"), "member": request.GET.get("member")}
    form = SeatForm(
        request.POST if request.method == "POST" else None, initial=initial | {"starts_on": timezone.localdate(now)}
    )
    made: list[OfficeChange] = []
    if form_succeeded(form, lambda: made.append(OfficeChange.seat(**form.cleaned_data, at=now, by=request.user))):
        return asked(request, made[0], page="offices")
    return render(request, "members/appointing/seat.html", {"form": form})


@question
@weighs()
def end_term(request: Request, term_id: int) -> HttpResponse:
    """Ask that a term ends, or give up one's own."""
    now = timezone.now()
    term = get_for(request, "end", Role.objects.running(now).select_related("member__user"), pk=term_id)
    empties = term.leaves_empty(at=now)
    form = EndForm(request.POST if request.method == "POST" else None, empties=empties)
    made: list[OfficeChange] = []

    def end() -> None:
        made.append(OfficeChange.end(term, decision=form.cleaned_data["decision"], at=now, by=request.user))

    if form_succeeded(form, end):
        return asked(request, made[0], page="offices")
    own = term.member.user_id == request.user.pk
    return render(request, "members/appointing/end.html", {"form": form, "term": term, "empties": empties, "own": own})


def asked(request: Request, change: AskedChange, *, page: str) -> HttpResponse:
    """Say whether it holds already, on the page where it stands."""
    if change.state == AskedChange.State.DONE:
        messages.success(request, _("Done. All members see it."))
    else:
        messages.success(request, _("Asked. It holds once a second person confirms it."))
    return redirect(page)
