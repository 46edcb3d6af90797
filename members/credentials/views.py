"""Certificates: showing one, checking it, ending it, and the kinds that there are."""

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.credentials.credential_types import CredentialType
from members.credentials.credentials import Credential
from members.credentials.evidence import Evidence, EvidenceQuerySet
from members.credentials.forms import EndForm, EvidenceForm, RefuseForm, TypeForm, WriteDownForm
from members.looks.looks import Look
from members.policies import EVIDENCE_DAYS
from members.signing_in.step_up import weighs

LATELY = 20
question = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def certificates(request: Request) -> HttpResponse:
    """What waits to be checked, the oldest first; who holds what, the nearest end first; what was decided lately."""
    require_perm(request, "members.read_certificates")
    rows, today = Evidence.objects.visible_to(request.user).light(), timezone.localdate()
    keeps = request.user.has_perm("members.keep_certificates")
    held = Credential.objects.held(today).named().select_related("member__user")
    about = {
        "waiting": rows.waiting(),
        "held": held if keeps else [],
        "decided": rows.over()[:LATELY] if keeps else [],
    }
    return render(request, "members/credentials/certificates.html", about)


@question
def show_evidence(request: Request) -> HttpResponse:
    """Show a certificate of one's own."""
    require_perm(request, "members.show_evidence")
    form, member = EvidenceForm(_posted(request), request.FILES or None), request.user.membership
    assert member
    if form_succeeded(form, lambda: form.show(member, at=timezone.now(), by=request.user)):
        messages.success(request, _("Thank you. Another person checks it, and you are told."))
        return redirect("me")
    return _form(request, form, "show")


@question
@weighs(looking=True)
def write_down_certificate(request: Request) -> HttpResponse:
    """Write down a certificate of somebody else."""
    require_perm(request, "members.write_down_certificates")
    form = WriteDownForm(_posted(request), request.FILES or None, by=request.user)
    if form_succeeded(form, lambda: form.show(form.cleaned_data["member"], at=timezone.now(), by=request.user)):
        messages.success(request, _("Written down. Another person checks it; both are told."))
        return redirect("certificates")
    return _form(request, form, "write")


def _form(request: Request, form: forms.Form, way: str) -> HttpResponse:
    days = EVIDENCE_DAYS.on(timezone.localdate())
    kinds = CredentialType.objects.exists()
    return render(request, "members/credentials/show.html", {"form": form, "way": way, "days": days, "kinds": kinds})


@require_safe
@never_cache
def evidence(request: Request, evidence_id: int) -> HttpResponse:
    """One of them: what it says, its picture, and what can be done."""
    found = get_object_or_404(_visible(request), pk=evidence_id)
    if request.method == "GET":
        Look.write(Look.Page.CERTIFICATE, about=found.member.user, by=request.user, at=timezone.now())
    pictured = Evidence.objects.filter(pk=found.pk, picture__isnull=False).exists()
    about = {"evidence": found, "pictured": pictured, "checkers": found.checkers(timezone.now())}
    return render(request, "members/credentials/evidence.html", about)


@require_safe
@never_cache
def evidence_picture(request: Request, evidence_id: int) -> HttpResponse:
    """Its picture, for its member and for whoever checks."""
    found = get_object_or_404(Evidence.objects.visible_to(request.user), pk=evidence_id)
    if not found.picture:
        raise Http404
    return HttpResponse(bytes(found.picture), content_type="image/jpeg")


@require_POST
@weighs()
def accept_evidence(request: Request, evidence_id: int) -> HttpResponse:
    """It is right."""
    found = get_for(request, "accept", _visible(request), pk=evidence_id)
    found.accept(at=timezone.now(), by=request.user)
    messages.success(request, _("It counts from now on. They are told."))
    return redirect("certificates")


@question
def refuse_evidence(request: Request, evidence_id: int) -> HttpResponse:
    """It is not right."""
    found = get_for(request, "refuse", _visible(request), pk=evidence_id)
    form = RefuseForm(_posted(request))
    if form_succeeded(form, lambda: found.refuse(form.cleaned_data["words"], at=timezone.now(), by=request.user)):
        messages.success(request, _("Not accepted. They read your words in their mail."))
        return redirect("certificates")
    return render(request, "members/credentials/refuse.html", {"form": form, "evidence": found})


@require_POST
def withdraw_evidence(request: Request, evidence_id: int) -> HttpResponse:
    """Take it back."""
    found = get_for(request, "withdraw", _visible(request), pk=evidence_id)
    found.withdraw(at=timezone.now(), by=request.user)
    messages.success(request, _("It is taken back, and its photo is deleted."))
    return redirect("me" if found.member.user_id == request.user.pk else "certificates")


@question
@weighs()
def end_credential(request: Request, credential_id: int) -> HttpResponse:
    """It holds no more."""
    require_perm(request, "members.keep_certificates")
    held = Credential.objects.select_related("member__user")
    found = get_for(request, "end", held, pk=credential_id)
    form = EndForm(_posted(request))
    if form_succeeded(form, lambda: found.end(words=form.cleaned_data["words"], at=timezone.now(), by=request.user)):
        messages.success(request, _("It holds no more from today on. They are told."))
        return redirect("certificates")
    return render(request, "members/credentials/end.html", {"form": form, "credential": found})


@require_safe
def certificate_kinds(request: Request) -> HttpResponse:
    """The kinds that there are, and how many people hold each."""
    require_perm(request, "members.read_certificate_kinds")
    held = Credential.objects.held(timezone.localdate()).order_by().values("kind")
    people = dict(held.annotate(n=Count("member", distinct=True)).values_list("kind", "n"))
    rows = [(one, people.get(one.code, 0)) for one in CredentialType.objects.order_by("pk")]
    return render(request, "members/credentials/kinds.html", {"rows": rows})


@question
def add_certificate_kind(request: Request) -> HttpResponse:
    """Name a kind that services can ask for."""
    require_perm(request, "members.keep_certificates")
    form = TypeForm(_posted(request))
    if form_succeeded(form, lambda: CredentialType.add(**form.cleaned_data, at=timezone.now(), by=request.user)):
        messages.success(request, _("It is on the list. Services can ask for it, and members can show theirs."))
        return redirect("certificate_kinds")
    return render(request, "members/credentials/kind.html", {"form": form})


@question
def change_certificate_kind(request: Request, code: str) -> HttpResponse:
    """Say it otherwise."""
    require_perm(request, "members.keep_certificates")
    found = get_object_or_404(CredentialType, code=code)
    form = TypeForm(_posted(request), about=found)
    if form_succeeded(form, lambda: found.change(**form.cleaned_data, at=timezone.now(), by=request.user)):
        messages.success(request, _("Saved."))
        return redirect("certificate_kinds")
    return render(request, "members/credentials/kind.html", {"form": form, "kind": found})


def _posted(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _visible(request: Request) -> EvidenceQuerySet:
    return Evidence.objects.visible_to(request.user).light()
