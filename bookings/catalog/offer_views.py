"""The catalogue by page: services and extras come, are said otherwise, change places, are retired and come back."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.catalog.extras import AddOn
from bookings.catalog.named import Named
from bookings.catalog.offer_forms import AddOnForm, RetirementForm, ServiceForm, SkillForm
from bookings.catalog.services import Service
from bookings.form_fields import posted
from bookings.states import BookingState
from coop.web.http import Request, form_succeeded, require_perm
from members.models import Skill
from members.signing_in.step_up import weighs

question = require_http_methods(["GET", "HEAD", "POST"])
KINDS: Mapping[str, type[Named]] = {"services": Service, "extras": AddOn}
CHANGED_AT = {"services": "change_service", "extras": "change_add_on"}
AGREED = (BookingState.REQUESTED, BookingState.CONFIRMED)
HISTORY = 20
"""How many of the last changes a page shows."""


@question
def add_service(request: Request) -> HttpResponse:
    """Offer something new. It can be booked once it has a price."""
    require_perm(request, "bookings.coordinate")
    form = ServiceForm(posted(request))
    made: list[Service] = []
    if form_succeeded(form, lambda: made.append(Service.add(**form.cleaned_data, at=timezone.now(), by=request.user))):
        messages.success(request, _("Added. Now say what it costs and how long it takes: then it can be booked."))
        return redirect("price_service", made[0].code)
    return render(request, "bookings/catalog/service.html", {"form": form, "has_skills": Skill.objects.exists()})


@question
def change_service(request: Request, code: str) -> HttpResponse:
    """Say otherwise what a service is; its history, and its retirement."""
    require_perm(request, "bookings.coordinate")
    service = get_object_or_404(Service, code=code)
    form = ServiceForm(posted(request), service=service)
    if form_succeeded(form, lambda: service.change(**form.cleaned_data, at=timezone.now(), by=request.user)):
        messages.success(request, _("Saved."))
        return redirect("prices")
    going = service.bookings.filter(state__in=AGREED).count()
    context = {"form": form, "service": service, "has_skills": True, "going": going} | _about(service)
    return render(request, "bookings/catalog/service.html", context)


@question
def add_add_on(request: Request) -> HttpResponse:
    """Offer something extra. It can be chosen once it has a price."""
    require_perm(request, "bookings.coordinate")
    form = AddOnForm(posted(request))
    made: list[AddOn] = []
    if form_succeeded(form, lambda: made.append(AddOn.add(**form.cleaned_data, at=timezone.now(), by=request.user))):
        messages.success(request, _("Added. Now say what it costs and how long it takes: then it can be chosen."))
        return redirect("price_add_on", made[0].code)
    return render(request, "bookings/catalog/add_on.html", {"form": form})


@question
def change_add_on(request: Request, code: str) -> HttpResponse:
    """Say otherwise what an extra is; its history, and its retirement."""
    require_perm(request, "bookings.coordinate")
    extra = get_object_or_404(AddOn, code=code)
    form = AddOnForm(posted(request), extra=extra)
    if form_succeeded(form, lambda: extra.change(**form.cleaned_data, at=timezone.now(), by=request.user)):
        messages.success(request, _("Saved."))
        return redirect("prices")
    going = extra.bookings.filter(state__in=AGREED).count()
    context = {"form": form, "extra": extra, "going": going} | _about(extra)
    return render(request, "bookings/catalog/add_on.html", context)


@require_POST
@weighs()
def retire(request: Request, kind: str, code: str) -> HttpResponse:
    """From a day on nobody can choose it any more; what was agreed goes on."""
    require_perm(request, "bookings.coordinate")
    one, form = _of_the_catalogue(kind, code), RetirementForm(request.POST)
    if form_succeeded(
        form, lambda: one.retire(from_day=form.cleaned_data["from_day"], at=timezone.now(), by=request.user)
    ):
        said = _("From %(day)s on nobody can choose it. What is booked stays as it was agreed.")
        messages.success(request, said % {"day": date_format(form.cleaned_data["from_day"])})
        return redirect("prices")
    messages.error(request, " ".join(map(str, form["from_day"].errors)))
    return redirect(CHANGED_AT[kind], code)


@require_POST
def bring_back(request: Request, kind: str, code: str) -> HttpResponse:
    """New visits can choose it again."""
    require_perm(request, "bookings.coordinate")
    _of_the_catalogue(kind, code).bring_back(at=timezone.now(), by=request.user)
    messages.success(request, _("It can be chosen again."))
    return redirect("prices")


@require_POST
def move_up(request: Request, kind: str, code: str) -> HttpResponse:
    """Stand one place further up in the catalogue and where people book."""
    require_perm(request, "bookings.coordinate")
    _of_the_catalogue(kind, code).move_up(at=timezone.now(), by=request.user)
    return redirect("prices")


def _about(one: Named) -> dict[str, Any]:
    """What a page says of its changes, and asks before it is retired."""
    form = RetirementForm(None, initial={"from_day": timezone.localdate()})
    return {"history": one.history()[:HISTORY], "retirement": form}


def _of_the_catalogue(kind: str, code: str) -> Named:
    if kind not in KINDS:
        raise Http404
    return get_object_or_404(KINDS[kind]._default_manager, code=code)


@require_safe
def skills(request: Request) -> HttpResponse:
    """What people can do, and which services ask for it."""
    require_perm(request, "bookings.work")
    services = list(Service.objects.on_list(timezone.localdate()))
    rows = [(one, [each for each in services if each.skill == one.code]) for one in Skill.objects.order_by("pk")]
    return render(request, "bookings/catalog/skills.html", {"rows": rows})


@question
def add_skill(request: Request) -> HttpResponse:
    """Name something that people can do."""
    require_perm(request, "bookings.coordinate")
    form = SkillForm(posted(request))
    if form_succeeded(form, lambda: Skill.add(**form.cleaned_data, at=timezone.now(), by=request.user)):
        messages.success(request, _("It is on the list. Services can ask for it, and members can have it."))
        return redirect("skills")
    return render(request, "bookings/catalog/skill.html", {"form": form})


@question
def change_skill(request: Request, code: str) -> HttpResponse:
    """Call it otherwise."""
    require_perm(request, "bookings.coordinate")
    skill = get_object_or_404(Skill, code=code)
    form = SkillForm(posted(request), skill=skill)
    if form_succeeded(form, lambda: skill.change(**form.cleaned_data, at=timezone.now(), by=request.user)):
        messages.success(request, _("Saved."))
        return redirect("skills")
    return render(request, "bookings/catalog/skill.html", {"form": form, "skill": skill})
