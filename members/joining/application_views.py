"""Work with us: what one earns, what is asked, and the application of whoever would like to."""

from datetime import timedelta
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
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
from members.joining.texted_applications import apply_by_text
from members.joining.worked import usual_pay
from members.people.users import User
from members.signing_in.account_forms import texts_too_often

PAID_DAYS = timedelta(days=90)
APPLICATIONS = "applications"
"""The name under which the settings say how many are taken from one address and one line."""

TO_STRANGERS = "texts_to_strangers"


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
        onward = "" if sent[0].email else "?to=phone"
        return redirect(sent[0]) if by else redirect(f"{reverse('application_sent')}{onward}")
    kept = {"days": APPLICATION_DAYS.on(timezone.localdate())}
    return render(request, "members/joining/apply.html", {"form": form, **kept})


def _send(request: HttpRequest, form: ApplyForm, by: User | None) -> Application:
    email = form.cleaned_data.get("email", "")
    said = {"name": form.cleaned_data["name"], "language": form.cleaned_data.get("language", ""), **form.answers}
    if not (by or email):
        _insist_on_few_texts(request, str(said["phone"]))
        return apply_by_text(**said, at=timezone.now())
    if not by and not ratelimit.consume(request, action=APPLICATIONS, key=email):
        raise Refusal(
            _("We wrote to this address lately. Please look for our mail, or try again in an hour."), field="email"
        )
    return Application.send(**said, email=email, at=timezone.now(), by=by)


def _insist_on_few_texts(request: HttpRequest, phone: str) -> None:
    """No more to one number than of applications and of codes, and few in all: each costs, and anybody may ask."""
    if not ratelimit.consume(request, action=APPLICATIONS, key=phone) or texts_too_often(request, phone):
        raise Refusal(_("We wrote to this number several times lately. Please try again later."), field="phone")
    if not ratelimit.consume(request, action=TO_STRANGERS, key="all"):
        raise Refusal(
            _("We cannot write to more numbers now. Please give an e-mail address, or try again later."), field="email"
        )


@require_safe
@login_not_required
def application_sent(request: HttpRequest) -> HttpResponse:
    """What to do now: look for our mail."""
    about = {"days": UNPROVEN_KEPT.days, "by_text": request.GET.get("to") == "phone"}
    return render(request, "members/joining/sent.html", about)


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
