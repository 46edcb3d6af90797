"""After a visit: what should be done again, in private, and a few words of thanks. Never stars."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.aftercare.forms import AnswerForm, AskRedoForm, LengthForm, PlanRedoForm, ThankForm
from bookings.aftercare.redos import Redo
from bookings.aftercare.thanks import ThankYou
from bookings.form_fields import posted
from bookings.policies import REDO_DAYS
from bookings.visits.visits import Visit
from coop.web.http import Request, form_succeeded, get_for, require_perm

question = require_http_methods(["GET", "HEAD", "POST"])


@question
def ask_redo(request: Request, visit_id: int) -> HttpResponse:
    """The household asks that something is done again."""
    visit = get_for(request, "ask_redo", Visit.objects.visible_to(request.user).with_related(), pk=visit_id)
    form, now = AskRedoForm(posted(request)), timezone.now()
    if form_succeeded(form, lambda: Redo.ask(visit, **form.cleaned_data, at=now, by=request.user)):
        messages.success(request, _("Thank you for telling us. We look for a time and write to you."))
        return redirect(visit)
    context = {"form": form, "visit": visit, "days": REDO_DAYS.on(timezone.localdate()), **_redo(visit)}
    return render(request, "bookings/aftercare/ask_redo.html", context)


@require_POST
def withdraw_redo(request: Request, redo_id: int) -> HttpResponse:
    """The household needs it no more."""
    redo = get_for(request, "withdraw", Redo.objects.visible_to(request.user).with_related(), pk=redo_id)
    redo.withdraw(at=timezone.now(), by=request.user)
    messages.success(request, _("Good. Nobody comes for that."))
    return redirect(redo.visit)


@require_safe
def redos(request: Request) -> HttpResponse:
    """What households asked to have done again and what has no time yet."""
    require_perm(request, "bookings.coordinate")
    return render(request, "bookings/aftercare/redos.html", {"redos": Redo.objects.to_plan().with_related()})


@question
def plan_redo(request: Request, redo_id: int) -> HttpResponse:
    """Find a time for it, at which somebody is free."""
    redo = get_for(request, "plan", Redo.objects.visible_to(request.user).with_related(), pk=redo_id)
    now = timezone.now()
    wanted = LengthForm(request.POST or request.GET).wanted
    form = PlanRedoForm(posted(request), redo=redo, minutes=wanted, at=now)
    if form_succeeded(form, lambda: redo.plan(form.starts, minutes=wanted, at=now, by=request.user)):
        messages.success(request, _("Planned. The household is told, and whoever's turn it is is asked."))
        return redirect("redos")
    return _planning(request, redo, form=form)


@require_POST
def decline_redo(request: Request, redo_id: int) -> HttpResponse:
    """It is not done again; the household reads why."""
    redo = get_for(request, "decline", Redo.objects.visible_to(request.user).with_related(), pk=redo_id)
    answer = AnswerForm(request.POST)
    if form_succeeded(answer, lambda: redo.decline(answer.cleaned_data["answer"], at=timezone.now(), by=request.user)):
        messages.success(request, _("Written down. The household is told."))
        return redirect("redos")
    form = PlanRedoForm(redo=redo, minutes=LengthForm({}).wanted, at=timezone.now())
    return _planning(request, redo, form=form, answer=answer)


@question
def thank(request: Request, visit_id: int) -> HttpResponse:
    """The household thanks whoever was there."""
    visit = get_for(request, "thank", Visit.objects.visible_to(request.user).with_related(), pk=visit_id)
    form = ThankForm(posted(request))
    if form_succeeded(form, lambda: ThankYou.write(visit, words=form.cleaned_data["words"], at=timezone.now())):
        messages.success(request, _("Your words are on their page. Thank you, too!"))
        return redirect(visit)
    return render(request, "bookings/aftercare/thank.html", {"form": form, "visit": visit})


@require_safe
def thank_yous(request: Request) -> HttpResponse:
    """What households wrote to this member; only they read it."""
    require_perm(request, "bookings.work")
    assert request.user.membership is not None
    notes = ThankYou.objects.for_member(request.user.membership).with_related()
    return render(request, "bookings/aftercare/thank_yous.html", {"notes": notes})


@require_POST
def remove_thank_you(request: Request, note_id: int) -> HttpResponse:
    """Delete a note for good."""
    require_perm(request, "bookings.work")
    assert request.user.membership is not None
    get_object_or_404(ThankYou.objects.for_member(request.user.membership), pk=note_id).remove(at=timezone.now())
    messages.success(request, _("The note is deleted."))
    return redirect("thank_yous")


def about_visit(visit: Visit) -> dict[str, Any]:
    """What a household's page of a visit needs, once it was done."""
    if visit.state != Visit.State.COMPLETED:
        return {}
    return {"thanked": ThankYou.objects.filter(visit=visit).exists(), **_redo(visit)}


def _redo(visit: Visit) -> dict[str, Any]:
    until = Redo.until_when(visit)
    asked = Redo.objects.filter(visit=visit).select_related("again").first()
    return {"redo": asked, "redo_until": until, "may_ask": until is not None and timezone.now() <= until}


def _planning(request: Request, redo: Redo, **forms: Any) -> HttpResponse:
    context = {"redo": redo, "answer": AnswerForm(), **forms}
    return render(request, "bookings/aftercare/plan_redo.html", context)
