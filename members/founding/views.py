"""Setting up a co-op, a step a page: the first person, and what is still missing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coop.errors import Refusal
from coop.models import Finding
from coop.readiness.needs import lacking
from coop.readiness.trials import trials
from coop.typed.fields import say_phone
from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.founding.forms import AcceptForm, FirstFounderForm, FounderForm, InviteForm, ShareForm
from members.founding.founders import found_coop as found
from members.founding.founders import share_offices as share
from members.founding.invitations import FounderInvitation
from members.founding.readiness import may_mend, who_mends
from members.founding.setup_keys import SetupKey
from members.founding.told import Told
from members.offices.words import OFFICES
from members.people.members import Member
from members.people.users import User
from members.signing_in.account_forms import texts_too_often
from members.signing_in.step_up import note_proof, weighs
from members.skills.skills import Skill
from members.standing.founded import is_founded


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def found_coop(request: HttpRequest, key: str) -> HttpResponse:
    """The one-time address: whoever opens it first becomes the first member. It is the proof: it was shown once, to
    whoever looks after the machine, when no mail could be sent yet.
    """
    setup = SetupKey.find(key)
    if setup is None or setup.used_at or Member.objects.owners().exists():
        return render(request, "members/founding/used.html", {"setup": setup}, status=410)
    person = request.user if isinstance(request.user, User) else None
    typed = request.POST if request.method == "POST" else None
    form = FounderForm(typed, initial={"name": person.name}) if person else FirstFounderForm(typed)
    if request.method == "POST" and form_succeeded(form, lambda: _begin(request, setup, person, form)):
        messages.success(request, _("Welcome! You are the first member. Here is what comes next."))
        return redirect("readiness")
    return render(request, "members/founding/found_coop.html", {"form": form})


def _begin(request: HttpRequest, setup: SetupKey, person: User | None, form: FounderForm) -> None:
    language = get_language() or "en"
    first = found(setup, person, **form.cleaned_data, language=language, at=timezone.now())
    if person is None:
        login(request, first.user)
        note_proof(request, first.user)


@require_safe
def readiness(request: Request) -> HttpResponse:
    """What the co-op still lacks, with the page where each is mended; and what it leans on outside, to be tried."""
    require_perm(request, "members.set_up")
    found = {one.key: one for one in Finding.objects.all()}
    context = {
        "lacking": [(need, who_mends(need), may_mend(request.user, need)) for need in lacking()],
        "trials": [(trial, found.get(trial.key)) for trial in trials()],
        "is_founded": is_founded(),
    }
    return render(request, "members/founding/readiness.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@weighs()
def invite_founder(request: Request) -> HttpResponse:
    """Who founds the co-op: those who are here, those who were asked, and a form to ask another."""
    require_perm(request, "members.invite_founderinvitation")
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form_succeeded(form, lambda: _invite(request, **form.cleaned_data)):
        email = form.cleaned_data["email"] or say_phone(form.cleaned_data["phone"])
        messages.success(request, _("We wrote to %(email)s. They are a member once they say yes.") % {"email": email})
        return redirect("invite_founder")
    context = {
        "form": form,
        "is_founded": is_founded(),
        "founders": Member.objects.owners().select_related("user").by_seniority(),
        "waiting": FounderInvitation.objects.waiting().with_related(),
    }
    return render(request, "members/founding/invite_founder.html", context)


def _invite(request: Request, *, email: str, phone: Any = "", **facts: Any) -> None:
    """By a mail, or where they gave no address by a text message, as often as a code goes to a number."""
    facts |= {"phone": phone or "", "at": timezone.now(), "by": request.user}
    if email:
        FounderInvitation.invite(email=email, **facts)
    elif texts_too_often(request, str(phone)):
        raise Refusal(_("We wrote to this number several times lately. Please try again later."), field="phone")
    else:
        FounderInvitation.invite_by_text(**facts)


@require_http_methods(["GET", "HEAD", "POST"])
def accept_founding(request: Request, invitation_id: int) -> HttpResponse:
    """Where the mailed link leads, after signing in with a code: what it means, and yes."""
    own = FounderInvitation.objects.of(request.user).with_related()
    invited = get_for(request, "accept", own, pk=invitation_id)
    typed = request.POST if request.method == "POST" else None
    told = Told.of(invited.told)
    form = AcceptForm(typed, initial={"name": request.user.name or invited.user.name, "zip": told.zip})
    if request.method == "POST" and form_succeeded(
        form, lambda: invited.accept(**form.cleaned_data, at=timezone.now(), by=request.user)
    ):
        messages.success(request, _("Welcome! You are a member. Say when you work, and see what is still missing."))
        return redirect("readiness")
    if invited.state == FounderInvitation.State.ACCEPTED:
        return redirect("home")
    offices = [label for kind, label in OFFICES if kind in invited.offices]
    lines = told.lines({skill.code: str(skill) for skill in Skill.objects.all()})
    context = {"invited": invited, "form": form, "offices": offices, "told": lines, "is_founded": is_founded()}
    return render(request, "members/founding/accept_founding.html", context)


@require_POST
def withdraw_founder(request: Request, invitation_id: int) -> HttpResponse:
    """Take an invitation back, or say no to one's own."""
    seen = FounderInvitation.objects.visible_to(request.user).with_related()
    invited = get_for(request, "withdraw", seen, pk=invitation_id)
    invited.withdraw(at=timezone.now(), by=request.user)
    messages.success(request, _("The invitation is taken back."))
    return redirect("invite_founder" if request.user.works else "home")


@require_http_methods(["GET", "HEAD", "POST"])
@weighs()
def share_offices(request: Request) -> HttpResponse:
    """Who looks after what, while the co-op is founded."""
    require_perm(request, "members.share_offices")
    members, now = Member.objects.owners().select_related("user").by_seniority(), timezone.now()
    form = ShareForm(request.POST if request.method == "POST" else None, members=members, at=now)
    if request.method == "POST" and form_succeeded(form, lambda: share(form.chosen, at=now, by=request.user)):
        messages.success(request, _("Saved. Each of you sees from now on what their offices see."))
        return redirect("readiness")
    return render(request, "members/founding/share_offices.html", {"form": form, "is_founded": is_founded()})
