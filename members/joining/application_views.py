"""Work with us: what one earns, what is asked, and the application of whoever would like to."""

from datetime import timedelta
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coop.errors import Refusal
from coop.policies import values
from coop.web.http import form_succeeded
from members.joining.application_forms import ApplyForm, skill_names
from members.joining.applications import UNPROVEN_KEPT, Application
from members.joining.policies import APPLICATION_DAYS, CANDIDATE_HOURS, CANDIDATE_MONTHS
from members.joining.worked import usual_pay
from members.people.users import User

PAID_DAYS = timedelta(days=90)
APPLICATIONS = "applications"
"""The name under which the settings say how many are taken from one address and one line."""


@require_safe
@login_not_required
def work_with_us(request: HttpRequest) -> HttpResponse:
    """What one earns here, from the books, what is asked, and how it goes on."""
    today = timezone.localdate()
    rules = values(today, (CANDIDATE_MONTHS, CANDIDATE_HOURS))
    about = {
        "pay": usual_pay(today - PAID_DAYS, today - timedelta(days=1)),
        "months": rules[CANDIDATE_MONTHS.key],
        "hours": rules[CANDIDATE_HOURS.key],
        "mine": Application.objects.of(request.user).first() if isinstance(request.user, User) else None,
    }
    return render(request, "members/joining/work_with_us.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def send_application(request: HttpRequest) -> HttpResponse:
    """Apply, with or without an account."""
    by = request.user if isinstance(request.user, User) else None
    form = ApplyForm(request.POST if request.method == "POST" else None, user=by)
    sent: list[Application] = []
    if form_succeeded(form, lambda: sent.append(_send(request, form, by))):
        return redirect(sent[0]) if by else redirect("application_sent")
    kept = {"days": APPLICATION_DAYS.on(timezone.localdate())}
    return render(request, "members/joining/apply.html", {"form": form, **kept})


def _send(request: HttpRequest, form: ApplyForm, by: User | None) -> Application:
    email = form.cleaned_data.get("email", "")
    if not by and not ratelimit.consume(request, action=APPLICATIONS, key=email):
        raise Refusal(
            _("We wrote to this address lately. Please look for our mail, or try again in an hour."), field="email"
        )
    said = {"name": form.cleaned_data["name"], "language": form.cleaned_data.get("language", ""), "email": email}
    return Application.send(**said, **form.answers, at=timezone.now(), by=by)


@require_safe
@login_not_required
def application_sent(request: HttpRequest) -> HttpResponse:
    """What to do now: look for our mail."""
    return render(request, "members/joining/sent.html", {"days": UNPROVEN_KEPT.days})


@require_safe
@login_not_required
@never_cache
def application(request: HttpRequest, token: UUID) -> HttpResponse:
    """Where the link of our mails leads: what was sent, how it stands, and the ways out."""
    known = _known(token)
    about = {"application": known, "skills": skill_names(known.skills)}
    return render(request, "members/joining/application.html", about)


@require_POST
@login_not_required
def prove_application(request: HttpRequest, token: UUID) -> HttpResponse:
    """Yes, that was me."""
    known = _known(token)
    known.prove(at=timezone.now(), by=_signed_in(request))
    messages.success(request, _("Thank you. We have your application, and write to you."))
    return redirect(known)


@require_POST
@login_not_required
def disown_application(request: HttpRequest, token: UUID) -> HttpResponse:
    """No, that was not me."""
    _known(token).disown(at=timezone.now())
    messages.success(request, _("Thank you for telling us. It is deleted, and we write to you no more about it."))
    return redirect("home")


@require_POST
@login_not_required
def withdraw_application(request: HttpRequest, token: UUID) -> HttpResponse:
    """Not any more."""
    known = _known(token)
    known.withdraw(at=timezone.now(), by=_signed_in(request))
    messages.success(request, _("Your application is withdrawn."))
    return redirect(known)


def _known(token: UUID) -> Application:
    return get_object_or_404(Application.objects.with_related(), token=token)


def _signed_in(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
