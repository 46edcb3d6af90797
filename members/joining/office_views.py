"""Applications, for the offices that look after them."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.joining.application_forms import AcceptForm, DeclineForm, InviteForm, NoteForm, skill_names
from members.joining.applications import Application, ApplicationQuerySet
from members.signing_in.step_up import weighs

LATELY = 30
READS_AND_SENDS = ["GET", "HEAD", "POST"]


@require_safe
def applications(request: Request) -> HttpResponse:
    """What waits, the oldest first, with what can be done; and what was decided lately."""
    require_perm(request, "members.read_applications")
    rows = _visible(request)
    about = {"waiting": rows.waiting(), "decided": rows.decided()[:LATELY]}
    return render(request, "members/joining/applications.html", about)


@require_safe
def application_file(request: Request, application_id: int) -> HttpResponse:
    """One of them: what they told, what was said, and the steps."""
    found = get_object_or_404(_visible(request), pk=application_id)
    about = {
        "application": found,
        "skills": skill_names(found.skills),
        "notes": found.notes.select_related("by").order_by("at", "pk"),
    }
    return render(request, "members/joining/application_file.html", about)


@require_http_methods(READS_AND_SENDS)
def invite_application(request: Request, application_id: int) -> HttpResponse:
    """Ask them to talk."""
    found = get_for(request, "invite", _visible(request), pk=application_id)
    form = InviteForm.to_person(request.POST if request.method == "POST" else None, person=found.user)
    if form_succeeded(form, lambda: found.invite(form.cleaned_data["words"], at=timezone.now(), by=request.user)):
        return _done(request, found, _("They are invited, and read your words in their mail."))
    return _step(request, found, form, "invite")


@require_http_methods(READS_AND_SENDS)
def note_application(request: Request, application_id: int) -> HttpResponse:
    """Write down what was said."""
    found = get_for(request, "note", _visible(request), pk=application_id)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form_succeeded(form, lambda: found.note(form.cleaned_data["words"], at=timezone.now(), by=request.user)):
        return _done(request, found, _("Written down."))
    return _step(request, found, form, "note")


@require_http_methods(READS_AND_SENDS)
def accept_application(request: Request, application_id: int) -> HttpResponse:
    """Let them work here as a candidate."""
    found, now = get_for(request, "accept", _visible(request), pk=application_id), timezone.now()
    form = AcceptForm(request.POST if request.method == "POST" else None, at=now, initial={"skills": found.skills})
    if form_succeeded(form, lambda: found.accept(**form.cleaned_data, at=now, by=request.user)):
        return _done(request, found, _("They work here from now on, and get a mail that says what to do first."))
    return _step(request, found, form, "accept")


@require_http_methods(READS_AND_SENDS)
@weighs()
def decline_application(request: Request, application_id: int) -> HttpResponse:
    """Say no."""
    found = get_for(request, "decline", _visible(request), pk=application_id)
    form = DeclineForm.to_person(request.POST if request.method == "POST" else None, person=found.user)
    if form_succeeded(form, lambda: found.decline(form.cleaned_data["words"], at=timezone.now(), by=request.user)):
        return _done(request, found, _("Declined. They read your words in their mail."))
    return _step(request, found, form, "decline")


def _visible(request: Request) -> ApplicationQuerySet:
    return Application.objects.visible_to(request.user).with_related()


def _done(request: Request, found: Application, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("application_file", found.pk)


def _step(request: Request, found: Application, form: forms.Form, step: str) -> HttpResponse:
    return render(request, "members/joining/step.html", {"application": found, "form": form, "step": step})
