"""The duties of the year on pages: all of them, one, and what is done about it."""

from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coop.in_turn import wait_for_turn
from coop.web.documents import show_document
from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.duties.duties import Duty
from members.duties.forms import DropForm, DutyForm, FinishForm, UsualForm
from members.policies import DUTY_LATE_DAYS

LATELY = timedelta(days=365)
question = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def duties(request: Request) -> HttpResponse:
    """What is late, what comes, and what was done in the last year."""
    require_perm(request, "members.read_duties")
    now = timezone.now()
    today = timezone.localdate(now)
    rows = Duty.objects.light().in_care_on(today)
    about = {
        "late": rows.late(today),
        "coming": rows.standing().filter(due_on__gte=today),
        "done": rows.filter(state=Duty.State.DONE, done_at__gt=now - LATELY).order_by("-done_at", "-pk"),
        "lonely": set(Duty.objects.without_anybody(today).values_list("pk", flat=True)),
        "late_days": DUTY_LATE_DAYS.on(today),
    }
    return render(request, "members/duties/duties.html", about)


@require_safe
def duty(request: Request, duty_id: int) -> HttpResponse:
    """One of them, and what can be done about it; what shows that it is done for those who may read that."""
    require_perm(request, "members.read_duties")
    today = timezone.localdate()
    found = get_object_or_404(Duty.objects.light().in_care_on(today), pk=duty_id)
    shown = Duty.objects.shown_to(request.user).filter(pk=found.pk).exists()
    following = Duty.objects.filter(follows=found).defer("paper").first()
    about = {"duty": found, "shown": shown, "following": following, "today": today}
    return render(request, "members/duties/duty.html", about)


@require_safe
@never_cache
def duty_paper(request: Request, duty_id: int) -> HttpResponse:
    """The paper that shows that it is done."""
    require_perm(request, "members.read_duties")
    found = get_object_or_404(Duty.objects.shown_to(request.user), pk=duty_id)
    if not found.paper:
        raise Http404
    return show_document(found.paper, found.paper_type)


@question
def add_duty(request: Request) -> HttpResponse:
    """Put something on the list."""
    require_perm(request, "members.keep_duties")
    form = DutyForm(_posted(request))
    if form_succeeded(form, lambda: Duty.add(**form.cleaned_data, at=timezone.now(), by=request.user)):
        messages.success(request, _("It is on the list. Whoever looks after it is told."))
        return redirect("duties")
    return render(request, "members/duties/form.html", {"form": form})


@question
def add_usual_duties(request: Request) -> HttpResponse:
    """Put some of what most co-ops have to do on the list."""
    require_perm(request, "members.keep_duties")
    form = UsualForm(_posted(request), today=timezone.localdate())
    if form_succeeded(form, lambda: _add(form, request)):
        messages.success(request, _("They are on the list. Now say who looks after each."))
        return redirect("duties")
    return render(request, "members/duties/usual.html", {"form": form})


@transaction.atomic
def _add(form: UsualForm, request: Request) -> None:
    """Each of them once, also of two who send this at the same moment."""
    wait_for_turn("members.usual_duties")
    now, there = timezone.now(), set(Duty.objects.standing().values_list("code", flat=True))
    for one in form.chosen:
        if one.code in there:
            continue
        day = one.next(timezone.localdate(now))
        Duty.add(code=one.code, due_on=day, **one.titles(), **one.abouts(), at=now, by=request.user)


@question
def change_duty(request: Request, duty_id: int) -> HttpResponse:
    """Say it otherwise."""
    found = get_for(request, "change", Duty.objects.light(), pk=duty_id)
    form = DutyForm(_posted(request), about=found)
    if form_succeeded(form, lambda: found.change(form.cleaned_data, at=timezone.now(), by=request.user)):
        messages.success(request, _("Saved."))
        return redirect(found)
    return render(request, "members/duties/form.html", {"form": form, "duty": found})


@question
def finish_duty(request: Request, duty_id: int) -> HttpResponse:
    """It is done."""
    found = get_for(request, "finish", Duty.objects.light(), pk=duty_id)
    form = FinishForm(_posted(request), request.FILES or None)
    if form_succeeded(form, lambda: _finish(form, found, request)):
        messages.success(request, _("Thank you. It is written down as done."))
        return redirect(found)
    return render(request, "members/duties/finish.html", {"form": form, "duty": found})


def _finish(form: FinishForm, found: Duty, request: Request) -> None:
    note, sent = form.cleaned_data["note"], form.cleaned_data["paper"]
    found.finish(words=note, paper=sent.read() if sent else None, at=timezone.now(), by=request.user)


@require_POST
def reopen_duty(request: Request, duty_id: int) -> HttpResponse:
    """It was not done after all."""
    found = get_for(request, "reopen", Duty.objects.light(), pk=duty_id)
    found.reopen(at=timezone.now(), by=request.user)
    messages.success(request, _("It is to be done again."))
    return redirect(found)


@question
def drop_duty(request: Request, duty_id: int) -> HttpResponse:
    """It need not be done any more."""
    found = get_for(request, "drop", Duty.objects.light(), pk=duty_id)
    form = DropForm(_posted(request))
    if form_succeeded(form, lambda: found.drop(note=form.cleaned_data["note"], at=timezone.now(), by=request.user)):
        messages.success(request, _("It is off the list."))
        return redirect("duties")
    return render(request, "members/duties/drop.html", {"form": form, "duty": found})


def _posted(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
