"""For the safety role alone: with whom to talk, in private. Never a score, never a consequence by itself."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.aftercare.do_not_send_patterns import case_of, cases
from bookings.aftercare.safety_forms import TalkForm
from bookings.aftercare.safety_talks import Talk
from coop.web.http import Request, require_perm

LAST_TALKS = 20


@require_safe
def review(request: Request) -> HttpResponse:
    """Whom to talk with, and with whom one has talked."""
    require_perm(request, "bookings.review")
    return _show(request, None)


@require_POST
def keep_talk(request: Request) -> HttpResponse:
    """One has talked with them: off the list, until something new is asked for."""
    require_perm(request, "bookings.review")
    form, now = TalkForm(request.POST), timezone.now()
    if not form.is_valid():
        return _show(request, form)
    said = form.cleaned_data
    case = case_of(request.user, member=said["member"], client=said["client"], at=now)
    if case is None:
        raise Http404
    Talk.keep(member=case.member, client=case.client, note=said["note"], at=now, by=request.user)
    messages.success(request, _("Thank you for taking the time. It is off the list."))
    return redirect("review")


def _show(request: Request, form: TalkForm | None) -> HttpResponse:
    sent = {name: form.data.get(name, "") for name in ("member", "client")} if form else {}
    rows = []
    for case in cases(request.user, at=timezone.now()):
        who = {"member": case.member.pk if case.member else "", "client": case.client.pk if case.client else ""}
        theirs = form is not None and {name: str(value) for name, value in who.items()} == sent
        rows.append((case, form if theirs else TalkForm(initial=who)))
    talks = Talk.objects.latest_first()
    own = talks.exclude(member__user=request.user)[:LAST_TALKS]
    return render(request, "bookings/aftercare/review.html", {"cases": rows, "talks": own, "form": form})
