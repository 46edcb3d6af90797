"""Is the work shared fairly? Open to every member, with a place for the answer of whoever the numbers ask."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.fairness import spotlight as light
from bookings.fairness.flags import flags, own, with_answers
from bookings.fairness.forms import AnswerFlagForm, PeriodForm
from bookings.form_fields import posted
from bookings.policies import SPOTLIGHT_HIGH, SPOTLIGHT_LOW
from coop.policies import values
from coop.web.csv_export import download
from coop.web.http import Request, form_succeeded, require_perm


@require_safe
def spotlight(request: Request) -> HttpResponse:
    """Everybody's numbers, what they ask whom about, and what those say to it."""
    require_perm(request, "bookings.work")
    days, now = PeriodForm(request.GET).wanted, timezone.now()
    seen, today = light.spotlight(days=days, at=now), timezone.localdate(now)
    asked = with_answers(flags(seen, on=today), reader=request.user.membership)
    limits = values(today, (SPOTLIGHT_LOW, SPOTLIGHT_HIGH))
    context = {
        "seen": seen,
        "asked": asked,
        "wanted": days,
        "periods": light.PERIODS,
        "low": limits[SPOTLIGHT_LOW.key],
        "high": limits[SPOTLIGHT_HIGH.key],
    }
    return render(request, "bookings/fairness/spotlight.html", context)


@require_safe
def spotlight_sheet(request: Request) -> HttpResponse:
    """The same numbers as a file for a spreadsheet."""
    require_perm(request, "bookings.work")
    days = PeriodForm(request.GET).wanted
    seen = light.spotlight(days=days, at=timezone.now())
    return download(light.as_sheet(seen), name=f"spotlight-{seen.days.last}-{days}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
def answer_flag(request: Request, flag: str) -> HttpResponse:
    """Answer what the numbers ask: only whoever they ask."""
    require_perm(request, "bookings.work")
    now = timezone.now()
    asked = own(flag, member=request.user.membership, at=now)
    if asked is None:
        raise Http404
    form = AnswerFlagForm(posted(request))
    if form_succeeded(form, lambda: asked.answer(form.cleaned_data["words"], at=now)):
        messages.success(request, _("Thank you. Your answer stands beside the numbers."))
        return redirect("spotlight")
    return render(request, "bookings/fairness/answer.html", {"form": form, "flag": asked})
