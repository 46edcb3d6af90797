"""Agreements on pages: what holds, reading and accepting it, and what the office writes."""

from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.agreements.agreed import missing
from members.agreements.agreements import Acceptance, Agreement, AgreementVersion
from members.agreements.forms import AcceptForm, AgreementForm, VersionForm
from members.people.members import Member

question = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def agreements(request: Request) -> HttpResponse:
    """What holds now and what comes, and whether one has accepted it; for the office, how many have not."""
    require_perm(request, "members.read_agreements")
    today, keeps = timezone.localdate(), request.user.has_perm("members.keep_agreements")
    versions = AgreementVersion.objects.light()
    accepted = set(Acceptance.objects.filter(member=request.user.membership).values_list("version", flat=True))
    shown = [*versions.in_force(today), *versions.coming(today)]
    about = {
        "rows": [(one, one.pk in accepted, len(missing(one, today)) if keeps else 0) for one in shown],
        "others": Agreement.objects.exclude(versions__in=shown).order_by("pk") if keeps else [],
    }
    return render(request, "members/agreements/agreements.html", about)


@require_safe
def agreement(request: Request, code: str) -> HttpResponse:
    """Its versions, the latest first."""
    require_perm(request, "members.read_agreements")
    found = get_object_or_404(Agreement, code=code)
    versions = AgreementVersion.objects.light().filter(agreement=found).latest_first()
    return render(request, "members/agreements/agreement.html", {"agreement": found, "versions": versions})


@require_safe
def agreement_version(request: Request, version_id: int) -> HttpResponse:
    """What one version says, in the language of the page, and accepting it; for the office, who has not."""
    require_perm(request, "members.read_agreements")
    versions, today = (
        AgreementVersion.objects.select_related("agreement", "made_by__user", "taken_back_by__user"),
        _today(),
    )
    found = get_object_or_404(versions, pk=version_id)
    asked = AgreementVersion.objects.to_read(_member(request), today).filter(pk=found.pk).exists()
    about = {
        "version": found,
        "text": found.text(),
        "language": (get_language() or "en")[:2],
        "asked": asked,
        "newer": found.replaced_by(today),
        "accepted": found.acceptances.filter(member=request.user.membership).first(),
        "missing": missing(found, today) if _is_asked_for(found) and _keeps(request) else None,
    }
    return render(request, "members/agreements/version.html", about)


@require_POST
def accept_agreement(request: Request, version_id: int) -> HttpResponse:
    """Read, and accepted."""
    found = get_for(request, "accept", AgreementVersion.objects.all(), pk=version_id)
    form = AcceptForm(request.POST)
    if not form_succeeded(form, lambda: _accept(found, form, request)):
        for sentence in form.non_field_errors():
            messages.error(request, str(sentence))
        return redirect(found)
    messages.success(request, _("Thank you. What you accepted stays under “Me”."))
    more = AgreementVersion.objects.to_read(_member(request), _today()).first()
    return redirect(more or "today")


@question
def add_agreement(request: Request) -> HttpResponse:
    """Name something to be accepted."""
    require_perm(request, "members.keep_agreements")
    form = AgreementForm(_posted(request))
    made: list[Agreement] = []
    if form_succeeded(form, lambda: made.append(Agreement.add(**form.names, at=timezone.now(), by=request.user))):
        messages.success(request, _("Now write what it says."))
        return redirect("write_agreement", made[0].code)
    return render(request, "members/agreements/add.html", {"form": form})


@question
def write_agreement(request: Request, code: str) -> HttpResponse:
    """Write what it says from a day on."""
    require_perm(request, "members.keep_agreements")
    found = get_object_or_404(Agreement, code=code)
    form = VersionForm(_posted(request), latest=found.versions.standing().latest_first().first(), today=_today())
    if form_succeeded(form, lambda: _write(found, form, request)):
        messages.success(request, _("Written. Everybody who works here is told, and accepts it anew."))
        return redirect("agreements")
    return render(request, "members/agreements/write.html", {"form": form, "agreement": found})


def _accept(found: AgreementVersion, form: AcceptForm, request: Request) -> None:
    found.accept(language=form.cleaned_data["language"], at=timezone.now(), by=request.user)


def _write(found: Agreement, form: VersionForm, request: Request) -> None:
    AgreementVersion.write(found, **form.cleaned_data, at=timezone.now(), by=request.user)


@require_POST
def take_back_agreement(request: Request, version_id: int) -> HttpResponse:
    """A version to come will not hold."""
    found = get_for(request, "take_back", AgreementVersion.objects.light(), pk=version_id)
    found.take_back(at=timezone.now(), by=request.user)
    messages.success(request, _("Taken back. Nobody is asked for it any more."))
    return redirect(found)


@require_POST
def end_agreement(request: Request, code: str) -> HttpResponse:
    """Ask nobody for it any more."""
    require_perm(request, "members.keep_agreements")
    found = get_object_or_404(Agreement, code=code)
    found.end(at=timezone.now(), by=request.user)
    messages.success(request, _("Nobody is asked for it any more."))
    return redirect(found)


@require_POST
def take_up_agreement(request: Request, code: str) -> HttpResponse:
    """Ask for it again."""
    require_perm(request, "members.keep_agreements")
    found = get_object_or_404(Agreement, code=code)
    found.take_up(at=timezone.now(), by=request.user)
    messages.success(request, _("Everybody who works here is asked for it again."))
    return redirect(found)


@require_safe
def my_acceptances(request: Request) -> HttpResponse:
    """What one accepted, the latest first."""
    return render(request, "members/agreements/accepted.html", {"rows": _own(request).order_by("-accepted_at", "-pk")})


@require_safe
def my_acceptance(request: Request, acceptance_id: int) -> HttpResponse:
    """What one read and accepted, word for word."""
    found = get_object_or_404(_own(request), pk=acceptance_id)
    return render(request, "members/agreements/acceptance.html", {"acceptance": found})


def _own(request: Request) -> QuerySet[Acceptance]:
    if request.user.membership is None:
        raise Http404
    return Acceptance.objects.filter(member=request.user.membership).select_related("version__agreement")


def _member(request: Request) -> Member:
    assert request.user.membership
    return request.user.membership


def _today() -> date:
    return timezone.localdate()


def _keeps(request: Request) -> bool:
    return request.user.has_perm("members.keep_agreements")


def _is_asked_for(version: AgreementVersion) -> bool:
    today = _today()
    versions = AgreementVersion.objects.filter(pk=version.pk)
    return versions.in_force(today).exists() or versions.coming(today).exists()


def _posted(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
